import { expect, test } from 'vitest';
import { utf8 } from '../src/lab/base/text.ts';
import { createTrace } from '../src/lab/record/trace.ts';
import { createDatagramFlows } from '../src/lab/udp/datagram-flows.ts';
import type { FlowEvent } from '../src/picture/flow.ts';

const FROM = 1;
const TO = 2;

/** Sends these, reads those, and tells which bytes each read took. */
function readsOf(sent: readonly string[], received: readonly string[]): readonly (readonly [number, number])[] {
  const trace = createTrace();
  const flows = createDatagramFlows(trace);
  for (const text of sent) flows.sent(FROM, TO, utf8(text));
  for (const text of received) flows.received(FROM, TO, utf8(text));
  const events: readonly FlowEvent[] = trace.recorded().flows[0]?.events ?? [];
  return events.flatMap((event) => (event.type === 'read' ? [[event.start, event.end] as const] : []));
}

test('a read has the bytes it was sent with', () => {
  expect(readsOf(['one', 'two', 'three'], ['one', 'two', 'three'])).toEqual([
    [0, 3],
    [3, 6],
    [6, 11],
  ]);
});

test('those that were lost have no read', () => {
  expect(readsOf(['one', 'two', 'six'], ['six'])).toEqual([[6, 9]]);
});

test('loopback keeps the order: what was passed over is lost, also when its like comes later', () => {
  expect(readsOf(['a', 'b', 'a'], ['b', 'a'])).toEqual([
    [1, 2],
    [2, 3],
  ]);
});

test('of two alike the earlier is taken first', () => {
  expect(readsOf(['a', 'a'], ['a'])).toEqual([[0, 1]]);
  expect(readsOf(['a', 'a'], ['a', 'a'])).toEqual([
    [0, 1],
    [1, 2],
  ]);
});

test('an empty datagram is one too', () => {
  expect(readsOf(['a', '', 'b'], ['a', '', 'b'])).toEqual([
    [0, 1],
    [1, 1],
    [1, 2],
  ]);
});

test('what nobody in the run has sent is not recorded', () => {
  expect(readsOf(['a'], ['x'])).toEqual([]);
  expect(readsOf([], ['x'])).toEqual([]);
});
