import { timingSafeEqual, createHash } from 'node:crypto';
import { getCookie, setCookie } from 'hono/cookie';
import { enterClass } from './class-mode.ts';
import { isLoopbackHost } from './loopback.ts';
import { Refusal } from './refusal.ts';
import type { Context, MiddlewareHandler } from 'hono';

/** Options of {@link guard}. */
export interface GuardOptions {
  /** Whether only this machine can connect: then only names of this machine are served. Evaluated for each request. */
  readonly isLocal: () => boolean;
  /** The token that every request must carry; absent: none. */
  readonly token?: string | undefined;
  /** The token of a class: it allows reading and running lessons, and nothing else. */
  readonly classToken?: string | undefined;
}

const READS = new Set(['GET', 'HEAD']);
const METHODS = new Set([...READS, 'POST', 'PATCH', 'DELETE']);
const COOKIE = 'sticky-lab-token';

/**
 * Lets through requests of the page itself, and of programs of its users. Pages of other sites, which a browser lets
 * send requests here, get nothing and change nothing.
 */
export function guard({ isLocal, token, classToken }: GuardOptions): MiddlewareHandler {
  return async (context, next) => {
    checkHost(context, isLocal());
    checkMethod(context);
    if (!READS.has(context.req.method)) checkOrigin(context);
    const known = [token, classToken].filter((each) => each !== undefined);
    const given = known.length === 0 ? undefined : checkToken(context, known);
    if (given instanceof Response) return given;
    if (given !== undefined && given === classToken) enterClass(context);
    context.header('Cache-Control', 'no-store');
    return next();
  };
}

function checkHost(context: Context, isLocal: boolean): void {
  const host = context.req.header('host') ?? '';
  if (!isLocal || isLoopbackHost(host)) return;
  const seen = JSON.stringify(host);
  throw new Refusal(403, {
    en: `the host ${seen} is not served, only names of this machine: localhost, 127.0.0.1, [::1]`,
    zh: `不为主机名 ${seen} 服务，只接受本机的名字：localhost、127.0.0.1、[::1]`,
  });
}

function checkMethod({ req: { method } }: Context): void {
  if (METHODS.has(method)) return;
  const allowed = [...METHODS].join(', ');
  throw new Refusal(405, { en: `${method} is not allowed, only ${allowed}`, zh: `不允许 ${method}，只允许 ${allowed}` });
}

/** A form or a script of another site cannot send JSON without a CORS preflight, which is refused. */
function checkOrigin({ req }: Context): void {
  const origin = req.header('origin');
  const isSame = origin === undefined || hostOf(origin) === req.header('host');
  const isJson = /^application\/json\b/.test(req.header('content-type') ?? '');
  if (isSame && isJson) return;
  const en = isSame ? 'a change is sent as application/json' : `the origin ${JSON.stringify(origin)} is not this page's`;
  const zh = isSame ? '修改请求必须是 application/json' : `来源 ${JSON.stringify(origin)} 不是本页面`;
  throw new Refusal(403, { en, zh });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** The token of the request. One in the page's URL goes into a cookie, so that it stays in no history and no bookmark. */
function checkToken(context: Context, known: readonly string[]): string | Response {
  const { req } = context;
  const bearer = /^Bearer (.+)$/.exec(req.header('authorization') ?? '')?.[1];
  const brought = bearer ?? getCookie(context, COOKIE) ?? '';
  const given = req.method === 'GET' ? req.query('token') : undefined;
  const asked = given === undefined ? undefined : known.find((token) => isEqual(given, token));
  const found = known.find((token) => isEqual(brought, token));
  // Another one in the URL wins: a class member may become its teacher.
  if (found !== undefined && (asked === undefined || asked === found)) return found;
  if (asked === undefined) throw unauthorized();
  setCookie(context, COOKIE, asked, { httpOnly: true, sameSite: 'Strict', path: '/' });
  const url = new URL(req.url);
  url.searchParams.delete('token');
  return context.redirect(`${url.pathname}${url.search}`, 303);
}

function isEqual(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unauthorized(): Refusal {
  return new Refusal(401, {
    en: 'a token is needed: open the page with ?token=…, or send Authorization: Bearer …',
    zh: '需要令牌：用 ?token=… 打开页面，或发送 Authorization: Bearer …',
  });
}
