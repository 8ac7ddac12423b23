import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

/** What one side did before the other did: so many bytes of a client, or bytes or the end of the server. */
interface Turn {
  readonly from: 'client' | 'server';
  readonly bytes?: number;
  readonly hex?: string;
  readonly end?: true;
}

/** The answers of a real server to the ready conversation of a protocol, with its name and version. */
export interface RecordedAnswers {
  readonly server: string;
  readonly turns: readonly Turn[];
}

const TRIAL = /(?<=sticky(?:-lab-|\.)|\na|receipt:|\|)\d{9}(?!\d)/;
const TRIAL_SLOT = '{{trial}}';

/** By protocol. */
export const RECORDED = JSON.parse(readFileSync(new URL('recorded-answers.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, RecordedAnswers>
>;

/**
 * A server that gives recorded answers, however its client's bytes are cut.
 *
 * @param changed answers of one connection may differ from those of another.
 */
export function recordedServer({ turns }: RecordedAnswers, changed: (bytes: Buffer) => Buffer = (bytes) => bytes): Server {
  return createServer((socket) => {
    let received = 0;
    let next = 0;
    let trial: string | undefined;
    let seen = '';
    const goOn = (): void => {
      for (; next < turns.length; next++) {
        const { bytes, hex } = turns[next]!;
        if (bytes !== undefined && received < bytes) return;
        received -= bytes ?? 0;
        answer(socket, hex === undefined ? undefined : changed(numbered(hex, trial)), turns[next]!.end === true);
      }
    };
    socket
      .on('error', () => undefined)
      .on('data', (chunk) => {
        received += chunk.length;
        seen += chunk.toString('latin1');
        trial ??= TRIAL.exec(seen)?.[0];
        goOn();
      });
    goOn();
  });
}

/** Its bytes, with the client's own number where the client of the recording had its own. */
function numbered(hex: string, trial = TRIAL_SLOT): Buffer {
  return Buffer.from(Buffer.from(hex, 'hex').toString('latin1').replaceAll(TRIAL_SLOT, trial), 'latin1');
}

function answer(socket: Socket, bytes: Buffer | undefined, isEnd: boolean): void {
  if (bytes !== undefined) socket.write(bytes);
  if (isEnd) socket.end();
}
