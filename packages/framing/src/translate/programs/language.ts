/**
 * The small language in which decoders are written once, and from which each target language is printed. A program reads the held bytes `b[0,
 * n)`, and finds the frame that begins at `start`:
 *
 * ```
 * need start + 2                       more bytes are needed while n is less
 * size = b[start] * 256 + b[start + 1]
 * if size > max {
 *   fail FRAME_ERR_TOO_LARGE
 * }
 * need start + 2 + size
 * frame start + 2, start + 2 + size, start + 2 + size
 * ```
 *
 * `frame` returns the bytes between its first two numbers, and the next frame begins at the third; `more` waits; `part` names a run of bytes for dissectors;
 * `move to, from, count` moves bytes towards the start, or to where they do not overlap with those that are moved. `start` and the variables of `state` keep their values while more bytes are awaited. In a new frame they
 * are 0, except `start` and `seen`, which are its offset; those of `kept` are 0 in the first frame only. Numbers are whole, from 0 to 2^62; division rounds down; `eof` is 1 once the stream has ended.
 */

export type Operator = '||' | '&&' | '==' | '!=' | '<=' | '>=' | '<' | '>' | '^' | '&' | '<<' | '>>' | '+' | '-' | '*' | '/' | '%';

export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'byte'; readonly at: Expression }
  | { readonly type: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

export type Statement =
  | { readonly type: 'set'; readonly name: string; readonly value: Expression }
  | { readonly type: 'put'; readonly at: Expression; readonly value: Expression }
  | { readonly type: 'move'; readonly to: Expression; readonly from: Expression; readonly count: Expression }
  | {
      readonly type: 'if';
      readonly condition: Expression;
      readonly whenTrue: readonly Statement[];
      readonly whenFalse: readonly Statement[];
    }
  | { readonly type: 'while'; readonly condition: Expression; readonly body: readonly Statement[] }
  | { readonly type: 'need'; readonly end: Expression }
  | { readonly type: 'more' }
  | { readonly type: 'fail'; readonly code: string }
  | { readonly type: 'frame'; readonly from: Expression; readonly to: Expression; readonly next: Expression }
  | { readonly type: 'part'; readonly name: string; readonly from: Expression; readonly to: Expression };

/** A parsed program. */
export interface Program {
  readonly statements: readonly Statement[];
  /** Variables that keep their values while more bytes are awaited, besides `start` and `seen`. */
  readonly state: readonly string[];
  /** Variables that keep their values from one frame to the next, too. */
  readonly kept: readonly string[];
  /** All others. */
  readonly locals: readonly string[];
  /** Whether payloads differ from the bytes that came: something is written or moved. */
  readonly changesBytes: boolean;
}

/** A program as text, one statement a line, and its variables. */
export interface ProgramText {
  readonly lines: readonly string[];
  readonly state?: readonly string[];
  readonly kept?: readonly string[];
}

const GIVEN = ['b', 'n', 'max', 'eof', 'start', 'seen'];

/** Parses a program, one statement a line. @throws Error for an invalid one, which is a bug of this package. */
export function readProgram({ lines, state = [], kept = [] }: ProgramText): Program {
  const queue = lines.flatMap((line) => line.split('\n')).map((line) => line.trim());
  const statements = readBlock(queue.filter((line) => line !== '').values());
  const names = new Set<string>();
  collectNames(statements, names);
  const locals = [...names].filter((name) => ![GIVEN, state, kept].some((others) => others.includes(name)));
  return { statements, state, kept, locals, changesBytes: queue.some((line) => /^(?:move |b\[.* = )/.test(line)) };
}

function collectNames(statements: readonly Statement[], names: Set<string>): void {
  for (const statement of statements) {
    if (statement.type === 'set') names.add(statement.name);
    if (statement.type === 'while') collectNames(statement.body, names);
    if (statement.type === 'if') for (const block of [statement.whenTrue, statement.whenFalse]) collectNames(block, names);
  }
}

/** Parses statements up to the line that closes their block; `else` is for the caller. */
function readBlock(lines: Iterator<string>, onElse?: () => void): readonly Statement[] {
  const statements: Statement[] = [];
  for (let line = lines.next(); line.done !== true; line = lines.next()) {
    if (line.value === '}') return statements;
    if (line.value === '} else {') {
      onElse?.();
      return statements;
    }
    statements.push(readStatement(line.value, lines));
  }
  return statements;
}

function readStatement(line: string, lines: Iterator<string>): Statement {
  const [word] = line.split(' ', 1) as [string];
  const rest = line.slice(word.length + 1);
  switch (word) {
    case 'if':
      return readIf(rest, lines);
    case 'while':
      return { type: 'while', condition: readExpression(rest.replace(/ \{$/, '')), body: readBlock(lines) };
    case 'need':
      return { type: 'need', end: readExpression(rest) };
    case 'more':
      return { type: 'more' };
    case 'fail':
      return { type: 'fail', code: rest };
    case 'frame': {
      const [from, to, next] = rest.split(',').map(readExpression) as [Expression, Expression, Expression];
      return { type: 'frame', from, to, next };
    }
    case 'move': {
      const [to, from, count] = rest.split(',').map(readExpression) as [Expression, Expression, Expression];
      return { type: 'move', to, from, count };
    }
    case 'part': {
      const [name, from, to] = rest.split(',') as [string, string, string];
      return { type: 'part', name, from: readExpression(from), to: readExpression(to) };
    }
    default:
      return readAssignment(line);
  }
}

function readIf(rest: string, lines: Iterator<string>): Statement {
  let hasElse = false;
  const whenTrue = readBlock(lines, () => (hasElse = true));
  return { type: 'if', condition: readExpression(rest.replace(/ \{$/, '')), whenTrue, whenFalse: hasElse ? readBlock(lines) : [] };
}

function readAssignment(line: string): Statement {
  const at = line.indexOf(' = ');
  if (at < 0) throw new Error(`no statement: ${line}`);
  const [target, value] = [line.slice(0, at), readExpression(line.slice(at + 3))];
  return target.startsWith('b[') ? { type: 'put', at: readExpression(target.slice(2, -1)), value } : { type: 'set', name: target, value };
}

/** By precedence. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

function readExpression(text: string): Expression {
  const tokens = text.match(/\d+|[a-z]\w*|\|\||&&|[=!<>]=|<<|>>|[-+*/%^&<>()[\]]/gi) ?? [];
  let at = 0;
  const level = (depth: number): Expression => {
    if (depth === LEVELS.length) return primary();
    let left = level(depth + 1);
    while (LEVELS[depth]!.includes(tokens[at] as Operator))
      left = { type: 'binary', operator: tokens[at++] as Operator, left, right: level(depth + 1) };
    return left;
  };
  const primary = (): Expression => {
    const token = tokens[at++] ?? '';
    if (token === '(') return closed(level(0));
    if (/^\d/.test(token)) return { type: 'number', value: Number(token) };
    if (token !== 'b') return { type: 'name', name: token };
    at++;
    return { type: 'byte', at: closed(level(0)) };
  };
  const closed = (inner: Expression): Expression => {
    at++;
    return inner;
  };
  const expression = level(0);
  if (at !== tokens.length || tokens.join('') !== text.replaceAll(' ', '')) throw new Error(`no expression: ${text}`);
  return expression;
}
