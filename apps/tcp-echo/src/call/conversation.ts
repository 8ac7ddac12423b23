import { createOperatorConsole, printable } from '@socklab/service';
import { openExchange } from './exchange.ts';
import type { Streams } from '@socklab/service';
import type { ExchangeOptions } from './exchange.ts';

/** Sends one message and prints its answer, as it was received. Throws as the exchange does. */
export async function callOnce(message: Uint8Array, options: ExchangeOptions, print: (text: string) => void): Promise<void> {
  await using exchange = await openExchange(options);
  print(printable(await exchange.ask(message)));
}

/** Sends each line of standard input and prints its answer, until the input ends. Throws as the exchange does. */
export async function converse(options: ExchangeOptions, streams: Streams, print: (text: string) => void): Promise<void> {
  await using exchange = await openExchange(options);
  const terminal = streams.stdin.isTTY === true && streams.stdout.isTTY === true;
  const console = createOperatorConsole({
    input: streams.stdin,
    output: streams.stdout,
    terminal,
    // What comes out of a pipe is answers and nothing else.
    ...(terminal ? {} : { prompt: '' }),
  });
  try {
    for (let line = await console.ask(); line !== undefined; line = await console.ask()) {
      const message = Buffer.from(line);
      // Without boundaries an empty message is nothing, and has no answer.
      if (message.length === 0 && !options.keepsBoundaries) continue;
      const answer = printable(await exchange.ask(message));
      if (terminal) console.print(answer);
      else print(answer);
    }
  } finally {
    console.close();
  }
}
