import { language } from './language.ts';
import { isServiceGone } from './service-state.ts';
import type { Routes } from '../../src/contract.ts';
import type { RefusalAnswer } from '../../src/http/refusal.ts';
import type { AnsweredOn, SentOn } from '../../src/http/route.ts';

type Route = keyof Routes;
type Sent<Name extends Route> =
  SentOn<Routes[Name]> extends undefined ? { readonly body?: undefined } : { readonly body: SentOn<Routes[Name]> };
type Answer<Name extends Route> = AnsweredOn<Routes[Name]>;

/** Parameters of a request, besides its route. */
export type AskOptions<Name extends Route> = Sent<Name> & {
  /** The parts of the path that begin with a colon. */
  readonly path?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** The service refused a request, or could not be reached. */
export class AskError extends Error {
  readonly answer: RefusalAnswer;
  /** 0 when the service could not be reached. */
  readonly status: number;

  constructor(answer: RefusalAnswer, status: number) {
    super(answer.error);
    this.answer = answer;
    this.status = status;
  }

  /** The refused part of the request, if known. */
  get field(): string | undefined {
    return this.answer.field;
  }

  /** The reason in the reader's language. */
  get text(): string {
    return language.value === 'zh' ? this.answer.zh : this.answer.error;
  }
}

/**
 * Asks the service.
 *
 * @throws AskError when it refuses, or cannot be reached.
 */
export async function ask<Name extends Route>(route: Name, { path = {}, body, signal }: AskOptions<Name>): Promise<Answer<Name>> {
  const [method = 'GET', pattern = ''] = route.split(' ');
  const url = pattern.slice(1).replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));
  const response = await reach(url, {
    method,
    ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body ?? {}) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) return (await response.json()) as Answer<Name>;
  throw new AskError(await refusalOf(response), response.status);
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, init);
    isServiceGone.value = false;
    return response;
  } catch (error) {
    if (init.signal?.aborted === true) throw error;
    isServiceGone.value = true;
    throw new AskError({ error: 'the service cannot be reached', zh: '无法连接服务' }, 0);
  }
}

async function refusalOf(response: Response): Promise<RefusalAnswer> {
  try {
    return (await response.json()) as RefusalAnswer;
  } catch {
    // A proxy in between answered.
    return { error: `the answer was ${response.status} ${response.statusText}`, zh: `收到 ${response.status} ${response.statusText}` };
  }
}
