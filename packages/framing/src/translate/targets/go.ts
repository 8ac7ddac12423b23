import { headingOf, identifierOf } from './heading.ts';
import { heldNames, print } from './printer.ts';
import type { Expression, Program, Statement } from '../programs/language.ts';
import type { Translation } from '../programs/program.ts';
import type { Words } from './printer.ts';

const NAMES: Readonly<Record<string, string>> = { max: 'd.MaxPayloadBytes', eof: 'd.ended', start: 'd.start', seen: 'd.seen' };

function wordsOf(state: readonly string[]): Words {
  const name = (word: string): string => NAMES[word] ?? (state.includes(word) ? `d.${word}` : word);
  return {
    name,
    byte: (at) => `int64(b[${at}])`,
    operation: () => undefined,
    statement: (statement, text) => lines(statement, text, name),
    open: (word, condition) => `${word === 'while' ? 'for' : 'if'} ${condition} {`,
    otherwise: '} else {',
    close: '}',
    indent: '\t',
  };
}

function lines(statement: Statement, text: (expression: Expression) => string, name: Words['name']): readonly string[] {
  switch (statement.type) {
    case 'set':
      return [`${name(statement.name)} = ${text(statement.value)}`];
    case 'put':
      return [`b[${text(statement.at)}] = byte(${text(statement.value)})`];
    case 'move':
      return [`copy(b[${text(statement.to)}:], b[${text(statement.from)}:${text(statement.from)}+${text(statement.count)}])`];
    case 'need':
      return [`if n < ${text(statement.end)} {`, '\treturn nil, nil', '}'];
    case 'more':
      return ['return nil, nil'];
    case 'fail':
      return [`return nil, d.fail("${statement.code}")`];
    case 'frame':
      return [`return d.found(${text(statement.from)}, ${text(statement.to)}, ${text(statement.next)}), nil`];
    case 'part':
    case 'if':
    case 'while':
    default:
      return [];
  }
}

/** Whether control never reaches the end of the last statement. */
function alwaysLeaves(statements: readonly Statement[]): boolean {
  return ['more', 'fail', 'frame'].includes(statements.at(-1)?.type ?? '');
}

/** Go refuses unused variables; not every program reads all that it sets. */
function localsOf({ locals }: Program): string {
  return locals.length === 0 ? '' : `\tvar ${locals.join(', ')} int64\n\t_ = []int64{${locals.join(', ')}}\n`;
}

/** The decoder as a Go package named after the layout. */
export function go(translation: Translation): string {
  const { program, maxPayloadBytes } = translation;
  const state = heldNames(program)
    .map((each) => `\t${each} int64\n`)
    .join('');
  const reset = program.state.map((each) => `\td.${each} = 0\n`).join('');
  const body = print(program.statements, wordsOf(heldNames(program)), 1);
  return `${headingOf(translation)
    .map((line) => `// ${line}\n`)
    .join('')}package ${identifierOf(translation).replaceAll('_', '')}

// FrameError says how the bytes break the format; the decoder is finished.
type FrameError struct{ Code string }

func (e *FrameError) Error() string { return e.Code }

// Decoder finds payloads: Push a chunk, take them with Next until it returns nil, End when the stream does.
type Decoder struct {
	MaxPayloadBytes int64
	bytes []byte
	start int64
	seen int64
	ended int64
	err error
${state}}

// NewDecoder makes the decoder of one stream.
func NewDecoder() *Decoder { return &Decoder{MaxPayloadBytes: ${maxPayloadBytes}} }

// Push adds the next bytes of the stream.
func (d *Decoder) Push(chunk []byte) {
	d.bytes = append(d.bytes[:0], d.bytes[d.start:]...)
	d.seen -= d.start
	d.start = 0
	d.bytes = append(d.bytes, chunk...)
}

// Next returns the next payload, which is not nil; nil when more bytes are needed.
func (d *Decoder) Next() ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	b := d.bytes
	n := int64(len(b))
${localsOf(program)}${body}${alwaysLeaves(program.statements) ? '' : '\treturn nil, nil\n'}}

// End tells that the stream ended: it returns the payload that its end completed, most often nil.
func (d *Decoder) End() ([]byte, error) {
	d.ended = 1
	payload, err := d.Next()
	if err == nil && payload == nil && d.start < int64(len(d.bytes)) {
		return nil, d.fail("FRAME_ERR_TRUNCATED")
	}
	return payload, err
}

func (d *Decoder) found(start, end, next int64) []byte {
	payload := append([]byte{}, d.bytes[start:end]...)
	d.start, d.seen = next, next
${reset}	return payload
}

func (d *Decoder) fail(code string) error {
	d.err = &FrameError{code}
	d.bytes, d.start = nil, 0
	return d.err
}
`;
}
