import type { ChatRequest } from '../../../src/pages/chat/contract.ts';
import type { Text } from '../../shell/language.ts';

/** The ways to talk: a conversation over TCP, a room of udp-multi, or just datagrams. */
export type Way = 'tcp' | 'room' | 'udp';

/** What is in the form. */
export interface Draft {
  readonly way: Way;
  readonly address: string;
  readonly framing: string;
  readonly name: string;
  readonly quit: string;
}

/** The default addresses of this project's services. */
export const DEFAULT_DRAFT: Draft = { way: 'tcp', address: '127.0.0.1:9000', framing: 'raw', name: '', quit: 'q' };

/** What each way is called. */
export const WAYS: Readonly<Record<Way, Text>> = {
  tcp: { en: 'TCP: a conversation', zh: 'TCP：一对一对话' },
  room: { en: 'UDP: a room', zh: 'UDP：聊天室' },
  udp: { en: 'UDP: datagrams', zh: 'UDP：数据报' },
};

/** The command that starts a service to talk to, besides those that already run. */
export const STARTS: Readonly<Record<Way, string>> = {
  tcp: 'npm run tcp-echo -- --session operator --listen tcp://127.0.0.1:9001',
  room: 'npm run udp-multi -- --topology many-to-many --listen udp://127.0.0.1:9001',
  udp: 'npm run udp-multi -- --session operator --listen udp://127.0.0.1:9001',
};

const FIELDS = Object.keys(DEFAULT_DRAFT) as readonly (keyof Draft)[];

/** The form of an address of the page; absent values are defaults. `undefined` when it contains no form. */
export function draftOf(query: URLSearchParams): Draft | undefined {
  if (!FIELDS.some((field) => query.has(field))) return undefined;
  const given = Object.fromEntries(FIELDS.flatMap((field) => (query.has(field) ? [[field, query.get(field)]] : [])));
  const draft: Draft = { ...DEFAULT_DRAFT, ...given };
  return Object.hasOwn(WAYS, draft.way) ? draft : { ...draft, way: DEFAULT_DRAFT.way };
}

/** The chats that an address of the page follows, by their jobs. */
export function jobsOf(query: URLSearchParams): readonly string[] {
  return (query.get('job') ?? '').split(',').filter((job) => job !== '');
}

/** The address of the page that shows this form and follows these chats. */
export function parametersOf(draft: Draft, jobs: readonly string[]): Readonly<Record<string, string>> {
  const changed = FIELDS.filter((field) => draft[field] !== DEFAULT_DRAFT[field]).map((field) => [field, draft[field]]);
  return { page: 'chat', ...Object.fromEntries(changed), ...(jobs.length === 0 ? {} : { job: jobs.join(',') }) };
}

/** What the form asks the service for. */
export function requestOf({ way, address, framing, name, quit }: Draft): ChatRequest {
  if (way === 'tcp') return { transport: 'tcp', address, framing, quit };
  return way === 'room' ? { transport: 'udp', address, room: true, name } : { transport: 'udp', address, room: false, quit };
}
