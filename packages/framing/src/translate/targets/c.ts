import { headingOf, identifierOf, snakeCase } from './heading.ts';
import { heldNames, print } from './printer.ts';
import type { Expression, Statement } from '../programs/language.ts';
import type { Translation } from '../programs/program.ts';
import type { Words } from './printer.ts';

const NAMES: Readonly<Record<string, string>> = {
  max: 'd->max_payload_bytes',
  eof: 'd->ended',
  start: 'd->start',
  seen: 'd->seen',
  n: 'd->length',
};

function wordsOf(state: readonly string[]): Words {
  const name = (word: string): string => NAMES[word] ?? (state.includes(word) ? `d->${snakeCase(word)}` : snakeCase(word));
  return {
    name,
    byte: (at) => `b[${at}]`,
    operation: (operator, left, right) => (operator === '*' ? `((int64_t)${left} * ${right})` : undefined),
    statement: (statement, text) => lines(statement, text, name),
    open: (word, condition) => `${word} (${condition}) {`,
    otherwise: '} else {',
    close: '}',
    indent: '    ',
  };
}

function lines(statement: Statement, text: (expression: Expression) => string, name: Words['name']): readonly string[] {
  switch (statement.type) {
    case 'set':
      return [`${name(statement.name)} = ${text(statement.value)};`];
    case 'put':
      return [`b[${text(statement.at)}] = (uint8_t)${text(statement.value)};`];
    case 'move':
      return [`memmove(b + ${text(statement.to)}, b + ${text(statement.from)}, (size_t)${text(statement.count)});`];
    case 'need':
      return [`if (d->length < ${text(statement.end)}) return 0;`];
    case 'more':
      return ['return 0;'];
    case 'fail':
      return [`d->error = "${statement.code}";`, 'return -1;'];
    case 'frame':
      return [
        `*payload = b + ${text(statement.from)};`,
        `*payload_bytes = (size_t)(${text(statement.to)} - ${text(statement.from)});`,
        `d->next = ${text(statement.next)};`,
        'return 1;',
      ];
    case 'part':
    case 'if':
    case 'while':
    default:
      return [];
  }
}

/** The decoder as a C99 header, whose functions are static. */
export function c(translation: Translation): string {
  const { program, maxPayloadBytes } = translation;
  const name = identifierOf(translation);
  const decoder = `${name}_decoder`;
  const state = heldNames(program)
    .map((each) => `    int64_t ${snakeCase(each)};\n`)
    .join('');
  const reset = program.state.map((each) => `    d->${snakeCase(each)} = 0;\n`).join('');
  const locals = program.locals.map((each) => `    int64_t ${snakeCase(each)} = 0;\n`).join('');
  return `/*
${headingOf(translation)
  .map((line) => ` * ${line}\n`)
  .join('')} */
#ifndef ${name.toUpperCase()}_DECODER_H
#define ${name.toUpperCase()}_DECODER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Made with ${name}_init. The rest is the decoder's own, but for error, which says what was wrong. */
typedef struct {
    int64_t max_payload_bytes;
    const char *error;
    uint8_t *bytes;
    int64_t capacity, length, start, seen, next, ended;
${state}} ${decoder};

static inline void ${name}_init(${decoder} *d) {
    memset(d, 0, sizeof *d);
    d->max_payload_bytes = ${maxPayloadBytes}LL;
}

static inline void ${name}_free(${decoder} *d) {
    free(d->bytes);
    d->bytes = NULL;
}

/* Lets go of the payload handed out last. */
static inline void ${name}_forget(${decoder} *d) {
    if (d->next < 0 || d->next <= d->start) return;
    d->start = d->seen = d->next;
${reset}}

${pushOf(name)}/* 1 with the next payload, good until the next call; 0 when more bytes are needed; -1 when d->error says what is wrong, and then always. */
static inline int ${name}_next(${decoder} *d, const uint8_t **payload, size_t *payload_bytes) {
    if (d->error != NULL) return -1;
    ${name}_forget(d);
    uint8_t *b = d->bytes;
${locals}${print(program.statements, wordsOf(heldNames(program)), 1)}    return 0;
}

/* The stream ended: 1 with the payload that its end completed, most often 0, or -1 when it ended inside a frame. */
static inline int ${name}_end(${decoder} *d, const uint8_t **payload, size_t *payload_bytes) {
    d->ended = 1;
    int found = ${name}_next(d, payload, payload_bytes);
    if (found != 0 || d->start >= d->length) return found;
    d->error = "FRAME_ERR_TRUNCATED";
    return -1;
}

#endif
`;
}

function pushOf(name: string): string {
  return `/* Adds the next bytes of the stream. 0, or -1 when there is no memory for them. */
static inline int ${name}_push(${name}_decoder *d, const uint8_t *chunk, size_t chunk_bytes) {
    ${name}_forget(d);
    if (d->start > 0) {
        memmove(d->bytes, d->bytes + d->start, (size_t)(d->length - d->start));
        d->length -= d->start;
        d->seen -= d->start;
        d->start = 0;
    }
    d->next = 0;
    if (d->length + (int64_t)chunk_bytes > d->capacity) {
        int64_t capacity = (d->length + (int64_t)chunk_bytes) * 2;
        uint8_t *bytes = (uint8_t *)realloc(d->bytes, (size_t)capacity);
        if (bytes == NULL) return -1;
        d->bytes = bytes;
        d->capacity = capacity;
    }
    if (chunk_bytes > 0) memcpy(d->bytes + d->length, chunk, chunk_bytes);
    d->length += (int64_t)chunk_bytes;
    return 0;
}

`;
}
