import { KeptJobs } from '../../http/jobs/kept-jobs.ts';
import { Refusal } from '../../http/refusal.ts';
import { Chat } from './chat.ts';
import { channelOpener } from './open-channel.ts';
import { chatTarget } from './target.ts';
import type { JobSummary } from '../../http/jobs/job.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { ChatEvent, ChatPlan, ChatResult, ChatSent } from './channels/events.ts';

/** Options of {@link Chats}. */
export interface ChatsOptions {
  readonly jobs: Jobs;
  /** Most chats: fewer than jobs, so that forgotten chats do not block other jobs. @defaultValue 8 */
  readonly maxChats?: number;
  /** How long nobody may say anything, in milliseconds. @defaultValue ten minutes */
  readonly idleMs?: number;
}

/** The current chats, by job. */
export class Chats {
  readonly #jobs: Jobs;
  readonly #chats: KeptJobs<Chat>;
  readonly #chatOptions: { readonly idleMs?: number };

  constructor({ jobs, maxChats = 8, ...chatOptions }: ChatsOptions) {
    this.#jobs = jobs;
    this.#chatOptions = chatOptions;
    this.#chats = new KeptJobs({
      jobs,
      kind: 'chat',
      maxRunning: maxChats,
      maxEnded: 0,
      tooMany: {
        en: `${maxChats} chats are under way, which is the limit: leave one`,
        zh: `已有 ${maxChats} 个对话在进行，这是上限：请先离开一个`,
      },
      missing: (seen) => ({ en: `there is no chat ${seen}, or it is no longer kept`, zh: `没有对话 ${seen}，或已不再保留` }),
    });
  }

  /** Starts a chat. @throws Refusal 422 for a refused address, 429 when there are too many. */
  async start(plan: ChatPlan): Promise<JobSummary> {
    const { job } = await this.#chats.start<ChatEvent, ChatResult>(async () => {
      const kept = new Chat({ plan, open: channelOpener(plan, await chatTarget(plan.address)), ...this.#chatOptions });
      return { kept, run: (context) => kept.run(context) };
    });
    return job.summary;
  }

  /** Sends a message in a chat. @throws Refusal 404 when there is none, 409 when it is over, 422 as {@link Chat.say}. */
  say(id: string, text: string): ChatSent {
    const job = this.#jobs.get(id);
    if (job?.kind === 'chat' && job.isOver)
      throw new Refusal(409, { en: 'the chat is over: nothing more can be sent', zh: '对话已结束：不能再发送' });
    return this.#chats.get(id).kept.say(text);
  }
}
