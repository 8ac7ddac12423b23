import { spawn } from 'node:child_process';
import { ProbeError } from '../../errors.ts';
import { AnswerReader } from './answer-reader.ts';
import type { Answer } from './answer-reader.ts';
import type { ChildProcess } from 'node:child_process';

/** A fault of the program itself. `flood`: much more output than expected. */
export interface ProgramFault {
  readonly kind: 'hang' | 'died' | 'flood' | 'protocol';
  readonly detail: string;
}

/** The received answers, one a command, and why the others are missing. */
export interface Played {
  readonly answers: readonly Answer[];
  readonly fault?: ProgramFault;
}

/** How a decoder is asked. */
export interface PlayLimits {
  /** Longest wait for the answer to one command. */
  readonly timeoutMs: number;
  /** Most characters of all answers together. */
  readonly maxAnswerChars: number;
}

/** A program takes time to start, more if it is compiled first. */
const START_MS = 60_000;
const MAX_STDERR_CHARS = 2000;

/** The program under test. After a fault it is ended, and a new one must be started. */
export class DecoderProcess {
  readonly #child: ChildProcess;
  readonly #reader = new AnswerReader();
  #stderr = '';
  #ending: string | undefined;
  #hasAnswered = false;
  #onChange: () => void = () => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout!.setEncoding('latin1').on('data', (text: string) => {
      this.#reader.push(text);
      this.#onChange();
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#stderr = (this.#stderr + text).slice(-MAX_STDERR_CHARS)));
    // Writes to a program that is gone are lost; its exit reports that.
    child.stdin!.on('error', () => undefined);
    child.once('close', (code: number | null, signal: string | null) => {
      this.#ending = signal === null ? `exit ${code}` : signal;
      this.#onChange();
    });
  }

  /** @throws ProbeError `PROBE_ERR_COMMAND` when the program cannot be started. */
  static async start([program = '', ...words]: readonly string[]): Promise<DecoderProcess> {
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    const started = new DecoderProcess(child);
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(new ProbeError('PROBE_ERR_COMMAND', `${JSON.stringify(program)} cannot be started: ${cause.message}`, { cause })),
      );
    });
    return started;
  }

  /** Writes all commands and collects their answers. Commands are written ahead: each is a line, so chunks stay separate. */
  async play(commands: readonly string[], { timeoutMs, maxAnswerChars }: PlayLimits): Promise<Played> {
    this.#reader.begin();
    this.#child.stdin!.write(`${commands.join('\n')}\n`, 'latin1');
    const fault = await this.#answered(commands.length, this.#hasAnswered ? timeoutMs : START_MS, timeoutMs, maxAnswerChars);
    this.#hasAnswered = true;
    if (fault !== undefined) this.kill();
    return { answers: this.#reader.answers, ...(fault !== undefined && { fault }) };
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Resolves when this many answers have arrived, or after a fault. */
  #answered(count: number, firstMs: number, timeoutMs: number, maxChars: number): Promise<ProgramFault | undefined> {
    return new Promise((resolve) => {
      const settle = (fault?: ProgramFault): void => {
        clearTimeout(timer);
        this.#onChange = () => undefined;
        resolve(fault);
      };
      const late = (): void => settle({ kind: 'hang', detail: `no answer within ${timeoutMs} ms${this.#said()}` });
      let timer = setTimeout(late, firstMs);
      let seen = 0;
      this.#onChange = () => {
        const { answers, chars, wrongLine } = this.#reader;
        if (wrongLine !== undefined) return settle({ kind: 'protocol', detail: wrongLine });
        if (answers.length >= count) return settle();
        if (chars > maxChars) return settle({ kind: 'flood', detail: `more than ${maxChars} characters of answers` });
        if (this.#ending !== undefined) return settle({ kind: 'died', detail: `the program ended: ${this.#ending}${this.#said()}` });
        if (answers.length === seen) return;
        seen = answers.length;
        clearTimeout(timer);
        timer = setTimeout(late, timeoutMs);
      };
      this.#onChange();
    });
  }

  /** The last line of its standard error. */
  #said(): string {
    const last = this.#stderr.trim().split('\n').at(-1) ?? '';
    return last === '' ? '' : `, having said ${JSON.stringify(last.slice(0, 200))}`;
  }
}
