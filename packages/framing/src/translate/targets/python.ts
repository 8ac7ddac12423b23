import { headingOf, snakeCase } from './heading.ts';
import { heldNames, print } from './printer.ts';
import type { Statement } from '../programs/language.ts';
import type { Translation } from '../programs/program.ts';
import type { Words } from './printer.ts';

const NAMES: Readonly<Record<string, string>> = {
  max: 'self.max_payload_bytes',
  eof: 'self._ended',
  start: 'self._start',
  seen: 'self._seen',
};

/** What is a name of Python already. */
const RENAMED: Readonly<Record<string, string>> = { sum: 'total', from: 'begin' };

function wordsOf(state: readonly string[]): Words {
  const name = (word: string): string =>
    NAMES[word] ?? (state.includes(word) ? `self._${snakeCase(word)}` : (RENAMED[word] ?? snakeCase(word)));
  return {
    name,
    byte: (at) => `b[${at}]`,
    operation: (operator, left, right) => {
      const word = { '||': 'or', '&&': 'and', '/': '//' }[operator as string];
      return word === undefined ? undefined : `(${left} ${word} ${right})`;
    },
    statement: (statement, text) => lines(statement, text, name),
    open: (word, condition) => `${word} ${condition}:`,
    otherwise: 'else:',
    close: undefined,
    indent: '    ',
  };
}

function lines(statement: Statement, text: Parameters<Words['statement']>[1], name: Words['name']): readonly string[] {
  switch (statement.type) {
    case 'set':
      return [`${name(statement.name)} = ${text(statement.value)}`];
    case 'put':
      return [`b[${text(statement.at)}] = ${text(statement.value)}`];
    case 'move': {
      const [to, from, count] = [statement.to, statement.from, statement.count].map(text);
      return [`b[${to} : ${to} + ${count}] = b[${from} : ${from} + ${count}]`];
    }
    case 'need':
      return [`if n < ${text(statement.end)}:`, '    return None'];
    case 'more':
      return ['return None'];
    case 'fail':
      return [`raise self._fail("${statement.code}")`];
    case 'frame':
      return [`return self._found(${text(statement.from)}, ${text(statement.to)}, ${text(statement.next)})`];
    case 'part':
    case 'if':
    case 'while':
    default:
      return [];
  }
}

function zeros(names: readonly string[]): string {
  return names.map((each) => `        self._${snakeCase(each)} = 0\n`).join('');
}

/** The decoder as a Python module, for Python 3.6 and later. */
export function python(translation: Translation): string {
  const { program, maxPayloadBytes } = translation;
  return `"""${headingOf(translation).join('\n')}"""


class FrameError(Exception):
    """The bytes break the format; the decoder is finished."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Decoder:
    """push() a chunk, take payloads with next() until it returns None, end() when the stream does."""

    def __init__(self, max_payload_bytes=${maxPayloadBytes}):
        self.max_payload_bytes = max_payload_bytes
        self._bytes = bytearray()
        self._start = 0
        self._seen = 0
        self._ended = 0
        self._error = None
${zeros(heldNames(program))}
    def push(self, chunk):
        if self._error is not None:
            raise self._error
        del self._bytes[: self._start]
        self._seen -= self._start
        self._start = 0
        self._bytes += chunk

    def next(self):
        """The next payload, as bytes; None when more bytes are needed."""
        if self._error is not None:
            raise self._error
        b = self._bytes
        n = len(b)
${print(program.statements, wordsOf(heldNames(program)), 2)}
    def end(self):
        """The stream ended: returns the payload that its end completed, most often None."""
        self._ended = 1
        payload = self.next()
        if payload is None and self._start < len(self._bytes):
            raise self._fail("FRAME_ERR_TRUNCATED")
        return payload

    def _found(self, start, end, next_start):
        payload = bytes(self._bytes[start:end])
        self._start = next_start
        self._seen = next_start
${zeros(program.state)}        return payload

    def _fail(self, code):
        self._error = FrameError(code)
        self._bytes = bytearray()
        return self._error
`;
}
