import { expect, test } from 'vitest';
import { createPeerMap, formatPeer, peerName } from '../src/peers.ts';

test('a peer is shown as Python shows it, and named as commands take it', () => {
  expect(formatPeer({ address: '127.0.0.1', port: 59_120 })).toBe("('127.0.0.1', 59120)");
  expect(formatPeer({ address: '::1', port: 59_120 })).toBe("('::1', 59120)");
  expect(peerName({ address: '127.0.0.1', port: 59_120 })).toBe('127.0.0.1:59120');
  expect(peerName({ address: '::1', port: 59_120 })).toBe('[::1]:59120');
});

test('a peer map never has more than its limit: the one longest unused is forgotten', () => {
  const peers = createPeerMap<number>(2);
  peers.set('a', 1);
  peers.set('b', 2);
  expect(peers.get('a')).toBe(1);
  peers.set('c', 3);
  expect(['a', 'b', 'c'].map((name) => peers.get(name))).toEqual([1, undefined, 3]);
  peers.set('a', 4);
  expect(peers.size).toBe(2);
  expect(peers.get('a')).toBe(4);
});

test('100,000 peers cost no more than the limit', () => {
  const peers = createPeerMap<true>(1024);
  for (let port = 0; port < 100_000; port++) peers.set(`192.0.2.1:${port}`, true);
  expect(peers.size).toBe(1024);
});

test.each([0, -1, 1.5, Number.NaN])('a peer map of %d entries is a RangeError', (max) => {
  expect(() => createPeerMap(max)).toThrow(RangeError);
});
