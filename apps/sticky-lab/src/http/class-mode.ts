import { Refusal } from './refusal.ts';
import type { Context } from 'hono';

/** What a class may request: files of the page, and experiments over sockets that the lab opens to itself. */
const CLASS_PATHS = /^\/(?!api(?:\/|$))|^\/api\/(?:lab|experiments|exercises|playground|jobs)(?:\/|$)/;
const NAME = 'isClass';

/**
 * Marks a request as one of a class.
 *
 * @throws Refusal 403 for what a class must not do.
 */
export function enterClass(context: Context): void {
  context.set(NAME, true);
  if (CLASS_PATHS.test(context.req.path)) return;
  throw new Refusal(403, {
    en: 'a class runs lessons and the playground: what connects to other programs is for whoever has the other token',
    zh: '课堂模式只能运行课程和动手实验；连接其他程序需要另一个令牌',
  });
}

/** Whether a request comes from a class. */
export function isOfClass(context: Context): boolean {
  return context.get(NAME) === true;
}
