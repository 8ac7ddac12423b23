import { FrameError } from '@socklab/framing';
import { codeOf } from '@socklab/service';
import type { Text } from '@socklab/lab';

/** A chat that could not begin, or not go on. */
export class ChatFailure extends Error {
  readonly text: Text;

  constructor(text: Text, cause?: unknown) {
    super(text.en, { cause });
    this.name = 'ChatFailure';
    this.text = text;
  }
}

/** The text for an error of a connection to `address`. Rethrows other errors than those of the system or of a framing. */
export function explain(error: unknown, address: string): ChatFailure {
  if (error instanceof ChatFailure) return error;
  if (error instanceof FrameError) return unframed(error);
  const code = codeOf(error);
  if (code === undefined) throw error;
  return new ChatFailure(KNOWN[code]?.(address) ?? { en: `${address}: ${code}`, zh: `${address}：${code}` }, error);
}

/** Timeout of a request that waits for an answer. */
export function noConnection(address: string, timeoutMs: number): ChatFailure {
  return new ChatFailure({
    en: `${address} did not take the connection within ${timeoutMs} ms`,
    zh: `${address} 在 ${timeoutMs} 毫秒内没有接受连接`,
  });
}

const KNOWN: Readonly<Record<string, (address: string) => Text>> = {
  ECONNREFUSED: (address) => ({ en: `${address} refused: nothing listens there`, zh: `${address} 拒绝：那里没有程序在监听` }),
  EHOSTUNREACH: (address) => ({ en: `${address} cannot be reached`, zh: `无法到达 ${address}` }),
  ENETUNREACH: (address) => ({ en: `there is no way to the network of ${address}`, zh: `没有到 ${address} 所在网络的路由` }),
};

function unframed(error: FrameError): ChatFailure {
  return new ChatFailure(
    {
      en: `what the peer sent does not fit the framing: ${error.message} (${error.code}); both sides have to use the same`,
      zh: `对方发来的字节不符合所选的分帧方式（${error.code}）：${error.message}；两端必须用同一种`,
    },
    error,
  );
}
