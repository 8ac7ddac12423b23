import type { Expression, Operator, Program, Statement } from '../programs/language.ts';

/** How a language prints a program. */
export interface Words {
  readonly name: (name: string) => string;
  readonly byte: (at: string) => string;
  /** Prints an operation with printed operands; `undefined` when it is written as here. */
  readonly operation: (operator: Operator, left: string, right: string) => string | undefined;
  readonly statement: (statement: Statement, text: (expression: Expression) => string) => readonly string[];
  readonly open: (word: 'if' | 'while', condition: string) => string;
  /** The line between the two branches of an `if`. */
  readonly otherwise: string;
  /** The line that closes a block, if any. */
  readonly close: string | undefined;
  readonly indent: string;
}

/** The variables that a decoder keeps while it awaits bytes. */
export function heldNames({ state, kept }: Program): readonly string[] {
  return [...state, ...kept];
}

/** Prints statements, one a line, at `depth`. */
export function print(statements: readonly Statement[], words: Words, depth: number): string {
  return blockLines(statements, words)
    .map((line) => `${words.indent.repeat(depth)}${line}\n`)
    .join('');
}

function blockLines(statements: readonly Statement[], words: Words): readonly string[] {
  return statements.flatMap((statement) => statementLines(statement, words));
}

function statementLines(statement: Statement, words: Words): readonly string[] {
  const text = (expression: Expression): string => expressionText(expression, words);
  if (statement.type !== 'if' && statement.type !== 'while') return words.statement(statement, text);
  const close = words.close === undefined ? [] : [words.close];
  const body = inner(statement.type === 'if' ? statement.whenTrue : statement.body, words);
  const lines = [words.open(statement.type, conditionText(statement.condition, words)), ...body];
  const otherwise = statement.type === 'if' ? statement.whenFalse : [];
  return [...lines, ...(otherwise.length === 0 ? [] : [words.otherwise, ...inner(otherwise, words)]), ...close];
}

function inner(statements: readonly Statement[], words: Words): readonly string[] {
  return blockLines(statements, words).map((line) => `${words.indent}${line}`);
}

function conditionText(expression: Expression, words: Words): string {
  const text = expressionText(expression, words);
  return text.startsWith('(') && isOnePair(text) ? text.slice(1, -1) : text;
}

/** Whether the first parenthesis is closed by the last. */
function isOnePair(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) return at === text.length - 1;
  }
  return false;
}

function expressionText(expression: Expression, words: Words): string {
  switch (expression.type) {
    case 'number':
      return String(expression.value);
    case 'name':
      return words.name(expression.name);
    case 'byte':
      return words.byte(conditionText(expression.at, words));
    case 'binary':
    default: {
      const { operator, left, right } = expression;
      const [from, to] = [operandText(left, operator, words), operandText(right, undefined, words)];
      return words.operation(operator, from, to) ?? `(${from} ${operator} ${to})`;
    }
  }
}

/** The left operands of sums and of chains of && and || need no parentheses. */
function operandText(operand: Expression, operator: Operator | undefined, words: Words): string {
  const text = expressionText(operand, words);
  const isChain =
    operand.type === 'binary' &&
    operator !== undefined &&
    ['+-', '&&', '||'].some((chain) => chain.includes(operator) && chain.includes(operand.operator));
  return isChain && text.startsWith('(') && isOnePair(text) ? text.slice(1, -1) : text;
}
