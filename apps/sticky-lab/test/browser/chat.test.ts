import { createServer } from 'node:net';
import { listening } from '@socklab/testkit';
import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { startOperator, startRoom } from '../pages/chat/services.ts';
import { openPage } from './browser.ts';
import { withLab } from './with-lab.ts';
import type { LabProcess } from './lab-process.ts';
import type { Socket } from 'node:net';
import type { Browser, Locator, Page } from 'playwright-core';

let browser: Browser;
let lab: LabProcess;
withLab((started) => ({ browser, lab } = started));

const chatUrl = (parameters: Readonly<Record<string, string>>): string =>
  `${lab.url}/?${new URLSearchParams({ page: 'chat', ...parameters }).toString()}`;

const card = (page: Page, number: number): Locator => page.getByRole('region', { name: new RegExp(`^${number}\\. `) });

/** A line of the log with this text as its words. */
const line = (within: Locator, words: string): Locator =>
  within
    .getByRole('log')
    .getByRole('listitem')
    .filter({ has: within.page().getByText(words, { exact: true }) });

describe('the chat page', () => {
  test('talks to the operator of tcp-echo: a message, its bytes, and q at the end', async () => {
    await using operator = await startOperator(['--framing', 'i32le']);
    await using opened = await openPage(browser, chatUrl({ address: operator.address, framing: 'i32le' }));
    const { page, complaints } = opened;
    await page.getByRole('button', { name: 'Connect' }).click();
    const chat = card(page, 1);
    await chat
      .getByRole('status')
      .getByText(/waits in line/)
      .waitFor();
    operator.program.write('hello from the desk\n');
    await line(chat, 'hello from the desk').waitFor();
    await chat.getByLabel('Message', { exact: true }).fill('你好');
    await chat.getByRole('button', { name: 'Send' }).click();
    const said = line(chat, '你好');
    await said.getByText('10 bytes: 4 framing, 6 text').waitFor();
    await expect(said.locator('.framing').innerText()).resolves.toBe('06 00 00 00');
    await expect(said.locator('.payload').innerText()).resolves.toBe('e4 bd a0 e5 a5 bd');
    await operator.program.line(/ : 你好$/);
    const cut = await chat.getByRole('link', { name: 'Cut the last message everywhere' }).getAttribute('href');
    expect(Object.fromEntries(new URLSearchParams(cut ?? ''))).toEqual({
      page: 'probe',
      target: operator.address,
      hex: '06000000e4bda0e5a5bd',
      framing: 'i32le',
    });
    await chat.getByRole('button', { name: /^Leave/ }).click();
    await chat.getByRole('status').getByText('Left.').waitFor();
    await operator.program.line(/ : q$/);
    await chat.getByRole('button', { name: 'Close' }).click();
    await chat.waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });

  test('two chats show the line of the operator: one is served, the other when the first has left', async () => {
    await using operator = await startOperator();
    await using opened = await openPage(browser, chatUrl({ address: operator.address }));
    const { page } = opened;
    const connect = page.getByRole('button', { name: 'Connect' });
    await connect.click();
    operator.program.write('first\n');
    await line(card(page, 1), 'first').waitFor();
    await connect.click();
    await card(page, 2)
      .getByRole('status')
      .getByText(/waits in line/)
      .waitFor();
    await card(page, 1)
      .getByRole('button', { name: /^Leave/ })
      .click();
    await card(page, 1).getByRole('status').getByText('Left.').waitFor();
    operator.program.write('second\n');
    await line(card(page, 2), 'second').waitFor();
    await expect(card(page, 1).getByText('second').count()).resolves.toBe(0);
  });

  test('follows more chats at once than a browser opens connections to one service', async () => {
    const sockets: Socket[] = [];
    const peer = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
    peer.on('connection', (socket) => void socket.pipe(socket));
    const port = await listening(peer);
    await using opened = await openPage(browser, chatUrl({ address: `127.0.0.1:${port}` }));
    const { page } = opened;
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
      await page.getByRole('button', { name: 'Connect' }).click();
      await card(page, number).getByLabel('Message', { exact: true }).waitFor();
    }
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const chat = card(page, number);
      await chat.getByLabel('Message', { exact: true }).fill(`hello from ${number}`);
      await chat.getByRole('button', { name: 'Send' }).click();
      // Said, and come back.
      await line(chat, `hello from ${number}`).nth(1).waitFor();
    }
    for (const socket of sockets) socket.resetAndDestroy();
    for (const number of [1, 2, 3, 4, 5, 6, 7, 8]) await card(page, number).getByRole('button', { name: 'Close' }).waitFor();
    peer.close();
  });

  test('two members of the room of udp-multi hear each other', async () => {
    await using room = await startRoom();
    await using opened = await openPage(browser, chatUrl({ way: 'room', address: room.address }));
    const { page, complaints } = opened;
    for (const name of ['ann', 'bob']) {
      await page.getByLabel('Name', { exact: true }).fill(name);
      await page.getByRole('button', { name: 'Join' }).click();
      await page.getByRole('heading', { name: `${name} in the room` }).waitFor();
    }
    const [ann, bob] = [card(page, 1), card(page, 2)];
    await ann
      .getByRole('status')
      .getByText(/^Member \d+ of the room/)
      .waitFor();
    await bob
      .getByRole('status')
      .getByText(/^Member \d+ of the room/)
      .waitFor();
    await ann.getByLabel('Message', { exact: true }).fill('hi, bob');
    await ann.getByLabel('Message', { exact: true }).press('Enter');
    const heard = line(bob, 'hi, bob');
    await heard.getByText('ann', { exact: true }).waitFor();
    await expect(heard.locator('.payload').innerText()).resolves.toBe('68 69 2c 20 62 6f 62');
    await line(bob, 'HELLO').waitFor();
    await page.getByLabel('What the wire carried').uncheck();
    await line(bob, 'HELLO').waitFor({ state: 'detached' });
    await expect(bob.locator('.payload').count()).resolves.toBe(0);
    expect(complaints).toEqual([]);
  });

  test('messages that TCP glued together, or cut, say so', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.end(Buffer.from('ck')));
      socket.write(Buffer.from('\u0003one\u0003two\u0005thi', 'latin1'));
    });
    const address = `127.0.0.1:${await listening(server)}`;
    await using opened = await openPage(browser, chatUrl({ address, framing: 'u8' }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Connect' }).click();
    const chat = card(page, 1);
    await line(chat, 'one').getByText('read 1', { exact: true }).waitFor();
    await line(chat, 'two').getByText('came in the same read as the message before: read 1').waitFor();
    await chat.getByLabel('Message', { exact: true }).press('Enter');
    await line(chat, 'thick').getByText('began in the same read as the message before, and came in pieces: reads 1 to 2').waitFor();
    await line(chat, '(empty)').getByText('1 byte: 1 framing, 0 text').waitFor();
    server.close();
  });

  test('a burst of messages stays short on the page, and none is lost', async () => {
    const burst = Buffer.concat(Array.from({ length: 1500 }, (_, index) => Buffer.from(`message ${index}\n`)));
    const server = createServer((socket) => socket.on('error', () => undefined).end(burst));
    const address = `127.0.0.1:${await listening(server)}`;
    await using opened = await openPage(browser, chatUrl({ address, framing: 'line' }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Connect' }).click();
    const chat = card(page, 1);
    await line(chat, 'message 1499').waitFor();
    await expect(chat.getByRole('listitem').count()).resolves.toBe(100);
    await chat.getByRole('button', { name: '1400 earlier ones: show more' }).click();
    await line(chat, 'message 1300').waitFor();
    server.close();
  });

  test('a chat that the service does not know any more is told', async () => {
    await using opened = await openPage(browser, chatUrl({ job: 'forgotten' }));
    await card(opened.page, 1).getByText('The service does not know this chat any more.').waitFor();
    await card(opened.page, 1).getByRole('button', { name: 'Close' }).click();
    await opened.page.waitForURL((url) => !url.searchParams.has('job'));
  });

  test.each([
    ['en', 'light'],
    ['zh', 'dark'],
  ] as const)('axe finds nothing to object to, in %s and %s', async (language, theme) => {
    await using operator = await startOperator(['--framing', 'i32le']);
    await using opened = await openPage(browser, chatUrl({ address: operator.address, framing: 'i32le' }), { language, theme });
    const { page } = opened;
    for (const number of [1, 2]) {
      await page.getByRole('button', { name: /^(?:Connect|连接)$/ }).click();
      await card(page, number)
        .getByRole('status')
        .getByText(/^(?:Connected|已连接)/)
        .waitFor();
    }
    operator.program.write('hello\n');
    await line(card(page, 1), 'hello').waitFor();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });

  test('a page that is loaded anew goes on with the chat, and knows all of it', async () => {
    await using operator = await startOperator();
    await using opened = await openPage(browser, chatUrl({ address: operator.address, quit: 'bye' }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Connect' }).click();
    operator.program.write('before\n');
    await line(card(page, 1), 'before').waitFor();
    await page.reload();
    await line(card(page, 1), 'before').waitFor();
    await expect(page.getByLabel('Address').inputValue()).resolves.toBe(operator.address);
    await expect(page.getByLabel('Quit word').inputValue()).resolves.toBe('bye');
    await card(page, 1).getByLabel('Message', { exact: true }).fill('after');
    await card(page, 1).getByRole('button', { name: 'Send' }).click();
    await operator.program.line(/ : after$/);
    await page.getByRole('link', { name: 'Learn' }).click();
    await page.getByRole('link', { name: 'My program' }).click();
    await line(card(page, 1), 'after').waitFor();
  });

  test('what is refused is said beside its field', async () => {
    await using opened = await openPage(browser, chatUrl({ address: '8.8.8.8:53' }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Connect' }).click();
    await page
      .getByRole('alert')
      .getByText(/8\.8\.8\.8 is neither on this machine nor in a private network/)
      .waitFor();
    await expect(page.getByLabel('Address').getAttribute('aria-invalid')).resolves.toBe('true');
    await page.getByRole('button', { name: '中文' }).click();
    await page
      .getByRole('alert')
      .getByText(/既不在本机，也不在私有网络/)
      .waitFor();
  });

  test('a peer that is not there, and one that goes, are told', async () => {
    const operator = await startOperator();
    await using opened = await openPage(browser, chatUrl({ address: operator.address }));
    const { page } = opened;
    await page.getByRole('button', { name: 'Connect' }).click();
    await card(page, 1)
      .getByRole('status')
      .getByText(/^Connected/)
      .waitFor();
    await operator[Symbol.asyncDispose]();
    await card(page, 1)
      .getByRole('status')
      .getByText(/The peer (?:closed|reset) the connection/)
      .waitFor();
    await page.getByRole('button', { name: 'Connect' }).click();
    await card(page, 2).getByRole('status').getByText(`${operator.address} refused: nothing listens there`).waitFor();
  });

  test('the keyboard alone connects, talks and leaves, in Chinese', async () => {
    await using operator = await startOperator(['--framing', 'line']);
    await using opened = await openPage(browser, chatUrl({ framing: 'line' }), { language: 'zh' });
    const { page, complaints } = opened;
    const { keyboard } = page;
    await page.getByLabel('地址').focus();
    await keyboard.press('Control+A');
    await keyboard.type(operator.address);
    await keyboard.press('Enter');
    await card(page, 1)
      .getByRole('status')
      .getByText(/排队等候/)
      .waitFor();
    // The cursor is where one writes.
    await keyboard.type('用键盘');
    await keyboard.press('Enter');
    await line(card(page, 1), '用键盘').waitFor();
    operator.program.write('收到\n');
    await operator.program.line(/ : 用键盘$/);
    await line(card(page, 1), '收到').waitFor();
    await keyboard.press('Tab');
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await card(page, 1).getByRole('status').getByText('已离开。').waitFor();
    await operator.program.line(/ : q$/);
    await page.getByRole('button', { name: '关闭' }).and(page.locator(':focus')).waitFor();
    await keyboard.press('Enter');
    await card(page, 1).waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
  });
});
