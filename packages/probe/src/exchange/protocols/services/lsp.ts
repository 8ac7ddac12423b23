import type { ReadyExchange } from '../base/ready-exchange.ts';

const message = (json: object): string => {
  const text = JSON.stringify(json);
  return `Content-Length: ${new TextEncoder().encode(text).length}\r\n\r\n${text}`;
};

const initialize = { processId: null, clientInfo: { name: 'grüße' }, rootUri: null, capabilities: {} };

/** The Language Server Protocol over TCP: initialize; initialized and shutdown in one write; exit. */
export const lsp: ReadyExchange = {
  name: 'lsp',
  summary: 'Language Server Protocol: initialize, then initialized and shutdown in one write, exit',
  masks: [],
  conversation: {
    name: 'LSP: initialize, shutdown, exit',
    framing: 'content-length',
    steps: [
      { send: { text: message({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize }) } },
      { expect: 'frames:1' },
      {
        send: {
          text: message({ jsonrpc: '2.0', method: 'initialized', params: {} }) + message({ jsonrpc: '2.0', id: 2, method: 'shutdown' }),
        },
      },
      { expect: 'frames:1' },
      { send: { text: message({ jsonrpc: '2.0', method: 'exit' }) } },
      { expect: 'close' },
    ],
  },
};
