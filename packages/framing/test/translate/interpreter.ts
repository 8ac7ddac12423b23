import { translate } from '../../src/translate/programs/program.ts';
import type { Layout } from '../../src/index.ts';
import type { Expression, Operator, Program, Statement } from '../../src/translate/programs/language.ts';

const OPERATIONS: Readonly<Record<Operator, (left: number, right: number) => number>> = {
  '||': (left, right) => left || right,
  '&&': (left, right) => left && right,
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<=': (left, right) => Number(left <= right),
  '>=': (left, right) => Number(left >= right),
  '<': (left, right) => Number(left < right),
  '>': (left, right) => Number(left > right),
  '^': (left, right) => (left ^ right) >>> 0,
  '&': (left, right) => (left & right) >>> 0,
  '<<': (left, right) => left * 2 ** right,
  '>>': (left, right) => Math.floor(left / 2 ** right),
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => Math.floor(left / right),
  '%': (left, right) => left % right,
};

type Result = { readonly frame: readonly [number, number, number] } | { readonly fault: string } | 'more' | undefined;

/** Runs programs as the languages do that they are printed in. */
class Interpreter {
  readonly #program: Program;
  readonly #values: Record<string, number>;
  #bytes: number[] = [];

  constructor(program: Program, max: number) {
    this.#program = program;
    this.#values = {
      max,
      eof: 0,
      start: 0,
      seen: 0,
      ...Object.fromEntries([...program.state, ...program.kept, ...program.locals].map((name) => [name, 0])),
    };
  }

  push(chunk: Uint8Array): void {
    this.#bytes.push(...chunk);
  }

  /** The next payload in hex, a fault, or `undefined` when more bytes are needed. */
  next(): { readonly payload: string } | { readonly fault: string } | undefined {
    this.#values['n'] = this.#bytes.length;
    const result = this.#run(this.#program.statements);
    if (result === undefined || result === 'more') return undefined;
    if ('fault' in result) return result;
    const [from, to, next] = result.frame;
    Object.assign(this.#values, { start: next, seen: next }, Object.fromEntries(this.#program.state.map((name) => [name, 0])));
    return { payload: Buffer.from(this.#bytes.slice(from, to)).toString('hex') };
  }

  end(): { readonly payload: string } | { readonly fault: string } | undefined {
    this.#values['eof'] = 1;
    return this.next() ?? (this.#values['start']! < this.#bytes.length ? { fault: 'FRAME_ERR_TRUNCATED' } : undefined);
  }

  #run(statements: readonly Statement[]): Result {
    for (const statement of statements) {
      const result = this.#step(statement);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #step(statement: Statement): Result {
    switch (statement.type) {
      case 'set':
        this.#values[statement.name] = this.#value(statement.value);
        return undefined;
      case 'put':
        this.#bytes[this.#value(statement.at)] = this.#value(statement.value);
        return undefined;
      case 'move':
        this.#move(this.#value(statement.to), this.#value(statement.from), this.#value(statement.count));
        return undefined;
      case 'if':
        return this.#run(this.#value(statement.condition) ? statement.whenTrue : statement.whenFalse);
      case 'while': {
        let result: Result;
        while (result === undefined && this.#value(statement.condition)) result = this.#run(statement.body);
        return result;
      }
      case 'need':
        return this.#values['n']! < this.#value(statement.end) ? 'more' : undefined;
      case 'more':
        return 'more';
      case 'fail':
        return { fault: statement.code };
      case 'frame':
        return { frame: [this.#value(statement.from), this.#value(statement.to), this.#value(statement.next)] };
      case 'part':
      default:
        return undefined;
    }
  }

  #move(to: number, from: number, count: number): void {
    if ((to > from && to < from + count) || Math.max(to, from) + count > this.#bytes.length)
      throw new Error(`moves ${count} bytes from ${from} to ${to} of ${this.#bytes.length}`);
    this.#bytes.splice(to, count, ...this.#bytes.slice(from, from + count));
  }

  #value(expression: Expression): number {
    switch (expression.type) {
      case 'number':
        return expression.value;
      case 'name':
        return this.#values[expression.name]!;
      case 'byte': {
        const at = this.#value(expression.at);
        if (at < 0 || at >= this.#bytes.length) throw new Error(`reads byte ${at} of ${this.#bytes.length}`);
        return this.#bytes[at]!;
      }
      case 'binary':
      default: {
        // The right side of && and || may read what is only there when the left side says so.
        const left = this.#value(expression.left);
        if (expression.operator === '&&' && !left) return 0;
        if (expression.operator === '||' && left) return 1;
        return OPERATIONS[expression.operator](left, this.#value(expression.right));
      }
    }
  }
}

/** Programs by layout: tests ask for each many times. */
const PROGRAMS = new WeakMap<Layout, Program>();

function programOf(layout: Layout): Program {
  const known = PROGRAMS.get(layout) ?? translate(layout).program;
  PROGRAMS.set(layout, known);
  return known;
}

/** The payloads of a stream in hex and how it ended, a text, as the harnesses print it. */
export function interpreted(layout: Layout, chunks: readonly Uint8Array[], max: number): string {
  const interpreter = new Interpreter(programOf(layout), max);
  const seen: string[] = [];
  const drain = (step: () => ReturnType<Interpreter['next']>): boolean => {
    for (let found = step(); found !== undefined; found = step()) {
      seen.push('fault' in found ? found.fault : found.payload || '-');
      if ('fault' in found) return false;
    }
    return true;
  };
  const isWhole = chunks.every((chunk) => {
    interpreter.push(chunk);
    return drain(() => interpreter.next());
  });
  if (isWhole && drain(() => interpreter.end())) seen.push('ok');
  return seen.join(' ');
}
