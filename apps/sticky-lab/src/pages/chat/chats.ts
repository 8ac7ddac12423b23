import { Refusal } from '../../http/refusal.ts';
import { Chat } from './chat.ts';
import { channelOpener } from './open-channel.ts';
import { chatTarget } from './target.ts';
import type { JobSummary } from '../../http/jobs/job.ts';
import type { Jobs } from '../../http/jobs/jobs.ts';
import type { ChatPlan, ChatSent } from './channels/events.ts';

/** Options of {@link Chats}. */
export interface ChatsOptions {
  readonly jobs: Jobs;
  /** Most at once: fewer than there may be jobs, so that chats nobody watches keep nothing else from running. @defaultValue 8 */
  readonly maxChats?: number;
  /** How long nobody may say anything, in milliseconds. @defaultValue ten minutes */
  readonly idleMs?: number;
}

/** The chats that are under way, each by its job. */
export class Chats {
  readonly #jobs: Jobs;
  readonly #maxChats: number;
  readonly #chatOptions: { readonly idleMs?: number };
  readonly #chats = new Map<string, Chat>();

  constructor({ jobs, maxChats = 8, ...chatOptions }: ChatsOptions) {
    this.#jobs = jobs;
    this.#maxChats = maxChats;
    this.#chatOptions = chatOptions;
  }

  /** Starts a chat. @throws Refusal 422 for an address that is refused, 429 when there are too many. */
  async start(plan: ChatPlan): Promise<JobSummary> {
    const target = await chatTarget(plan.address);
    if (this.#chats.size >= this.#maxChats) throw tooMany(this.#maxChats);
    const chat = new Chat({ plan, open: channelOpener(plan, target), ...this.#chatOptions });
    const job = this.#jobs.start({ kind: 'chat', isAlone: false, work: (context) => chat.run(context) });
    this.#chats.set(job.id, chat);
    void job.ended.then(() => this.#chats.delete(job.id));
    return job.summary;
  }

  /** Says something in a chat. @throws Refusal 404 when there is none, 409 when it is over, 422 as {@link Chat.say}. */
  say(job: string, text: string): ChatSent {
    const chat = this.#chats.get(job);
    if (chat !== undefined) return chat.say(text);
    if (this.#jobs.get(job)?.kind === 'chat')
      throw new Refusal(409, { en: 'the chat is over: nobody hears this any more', zh: '对话已结束：不再有人听到' });
    const seen = JSON.stringify(job.slice(0, 60));
    throw new Refusal(404, { en: `there is no chat ${seen}, or not any more`, zh: `没有对话 ${seen}，或已不再保留` });
  }
}

function tooMany(limit: number): Refusal {
  return new Refusal(429, {
    en: `${limit} chats are under way, which is the limit: leave one`,
    zh: `已有 ${limit} 个对话在进行，这是上限：请先离开一个`,
  });
}
