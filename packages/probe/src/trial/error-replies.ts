import type { Bytes } from '../types.ts';

/** The longest prefix of an answer that is examined, in bytes. */
const MAX_START_BYTES = 256;

/** How error replies of protocols begin. */
const ERROR_REPLIES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'an HTTP error', pattern: /^HTTP\/\d(?:\.\d)? (?<code>[45]\d\d)\b/ },
  { what: 'a Redis error', pattern: /^-(?<code>[A-Z]{2,20}) / },
  { what: 'a memcached error', pattern: /^(?<code>ERROR|CLIENT_ERROR|SERVER_ERROR)\b/ },
  { what: 'a PostgreSQL error', pattern: /^E\0\0[\s\S]{2}S(?<code>ERROR|FATAL|PANIC)\0/ },
  { what: 'an SMTP or FTP error', pattern: /^(?<code>[45]\d\d)[ -]/ },
  { what: 'an IMAP or POP3 error', pattern: /^(?:-(?<code>ERR)\b|\S{1,20} (?:NO|BAD) )/ },
  { what: 'a MySQL error', pattern: /^[\s\S]{3}[^\0]\xff[\s\S]{2}#/ },
  { what: 'a JSON error', pattern: /^\s*\{\s*"error"\s*:/ },
  { what: 'an error', pattern: /^(?:ERR|ERROR|error|Error)\b/ },
];

/** The kind of error reply that an answer looks like, such as `an HTTP error 400`; `undefined` for none. */
export function looksLikeError(answer: Bytes): string | undefined {
  const start = String.fromCharCode(...answer.subarray(0, MAX_START_BYTES));
  for (const { what, pattern } of ERROR_REPLIES) {
    const match = pattern.exec(start);
    if (match !== null) return [what, match.groups?.['code']].filter((part) => part !== undefined).join(' ');
  }
  return undefined;
}
