import { hexOf, Reader } from './reader.ts';
import type { TextBody, TextCondition, TextLength, TextRule } from '../codecs/measured/text-rules.ts';

const MAX_RULES = 64;
const WORDS = ['none', 'chunked', 'more', 'refuse'] as const;

/** The rules of a layout of kind `text`. @throws RangeError that says where they are wrong. */
export function textRulesOf(read: Reader): readonly TextRule[] {
  return read.list('rules', MAX_RULES).map((rule, index) => ruleOf(new Reader(rule, `${read.at('rules')}[${index}]`, ['when', 'body'])));
}

function ruleOf(read: Reader): TextRule {
  return { ...read.optional('when', (key) => conditionsOf(read.value(key), read.at(key))), body: bodyOf(read) };
}

function conditionsOf(value: unknown, path: string): TextCondition | readonly TextCondition[] {
  if (!Array.isArray(value)) return conditionOf(value, path);
  return value.slice(0, MAX_RULES).map((each, index) => conditionOf(each, `${path}[${index}]`));
}

function conditionOf(value: unknown, path: string): TextCondition {
  const read = new Reader(value, path, ['startsWith', 'word', 'character', 'header', 'endsWith']);
  return {
    ...read.optional('startsWith', (key) => textsOf(read, key)),
    ...read.optional('word', (key) => {
      const word = new Reader(read.value(key), read.at(key), ['at', 'is']);
      return { at: word.number('at'), is: textsOf(word, 'is') };
    }),
    ...read.optional('character', (key) => {
      const character = new Reader(read.value(key), read.at(key), ['at', 'is']);
      return { at: character.number('at'), is: character.string('is') };
    }),
    ...read.optional('header', (key) => {
      const header = new Reader(read.value(key), read.at(key), ['name', 'is']);
      return { name: header.string('name'), ...header.optional('is', (is) => textsOf(header, is)) };
    }),
    ...read.optional('endsWith', (key) => read.string(key)),
  };
}

function textsOf(read: Reader, key: string): readonly string[] {
  const path = read.at(key);
  return read.list(key, MAX_RULES).map((_, index, list) => new Reader({ text: list[index] }, `${path}[${index}]`, ['text']).string('text'));
}

function bodyOf(read: Reader): TextBody {
  const value = read.value('body');
  if (typeof value !== 'object' || value === null) return read.choice('body', WORDS);
  const body = new Reader(value, read.at('body'), ['length', 'trailer', 'thenMore', 'until']);
  if (body.has('until')) {
    hexOf(body.value('until'), body.at('until'), 64);
    return { until: body.string('until') };
  }
  if (body.has('trailer')) hexOf(body.value('trailer'), body.at('trailer'), 64);
  return {
    length: lengthOf(body.value('length'), body.at('length')),
    ...body.optional('trailer', (key) => body.string(key)),
    ...body.optional('thenMore', (key) => body.boolean(key)),
  };
}

function lengthOf(value: unknown, path: string): TextLength {
  const read = new Reader(value, path, ['word', 'header', 'braces']);
  if (read.has('word')) return { word: read.number('word') };
  if (read.has('header')) return { header: read.string('header') };
  read.boolean('braces');
  return { braces: true };
}
