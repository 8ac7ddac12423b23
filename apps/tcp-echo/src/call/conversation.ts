import { createOperatorConsole, printable } from '@socklab/service';
import { checkAnswer, openCall } from './open-call.ts';
import type { CallOptions } from './open-call.ts';
import type { Streams } from '@socklab/service';

/**
 * Sends one message, prints its answer as it was received, and checks it, also that nothing follows. Throws as the call
 * does, and ClientError `CLIENT_ERR_WRONG_ANSWER`.
 */
export async function callOnce(message: Uint8Array, options: CallOptions, print: (text: string) => void): Promise<void> {
  await using call = await openCall(options);
  const answer = await call.ask(message);
  print(printable(answer));
  checkAnswer(message, answer);
  await call.end();
}

/**
 * Sends each line of standard input and prints its answer, until the input ends. Throws as the call does, and at the end,
 * when an answer was wrong, ClientError `CLIENT_ERR_WRONG_ANSWER` for the first one.
 */
export async function converse(options: CallOptions, streams: Streams, print: (text: string) => void): Promise<void> {
  await using call = await openCall(options);
  const terminal = streams.stdin.isTTY === true && streams.stdout.isTTY === true;
  const console = createOperatorConsole({ input: streams.stdin, output: streams.stdout, terminal });
  let wrong: unknown;
  try {
    for (let line = await console.ask(); line !== undefined; line = await console.ask()) {
      const message = Buffer.from(line);
      // Without message boundaries an empty message is nothing, and has no answer.
      if (message.length === 0 && !options.keepsBoundaries) continue;
      const answer = await call.ask(message);
      if (terminal) console.print(printable(answer));
      else print(printable(answer));
      wrong ??= faultOf(message, answer);
    }
  } finally {
    console.close();
  }
  if (wrong !== undefined) throw wrong;
  await call.end();
}

function faultOf(message: Uint8Array, answer: Uint8Array): unknown {
  try {
    checkAnswer(message, answer);
    return undefined;
  } catch (error) {
    return error;
  }
}
