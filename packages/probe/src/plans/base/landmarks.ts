import { sortedCuts } from './segmentation.ts';
import { cuttableBytes, sendsLength, sendsOf } from './steps.ts';
import type { Burst, Bytes, Cut, Exchange, FrameSpan, SendStep } from '../../types.ts';

const CR = 0x0d;
const LF = 0x0a;

/** Most frames or lines of one send with known landmarks: the first ones. */
const MAX_LANDMARKED = 10_000;

/** Most landmarks of one burst, from its beginning. */
const MAX_PLACES = 100_000;

/** Where programs change state: where a frame, its length, its header or its payload begins or ends. */
function frameLandmarks(frames: readonly FrameSpan[]): readonly number[] {
  return frames.slice(0, MAX_LANDMARKED).flatMap(({ start, length, payloadStart, payloadEnd, end }) => {
    const ofLength = length === undefined ? [] : [length.start, length.end];
    return [start, ...ofLength, payloadStart, payloadEnd, end];
  });
}

/** Where lines end, when the framing is unknown. */
function lineLandmarks(bytes: Bytes): readonly number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf(LF); at >= 0 && ends.length < MAX_LANDMARKED; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] === CR) ends.push(at - 1, at, at + 1);
    else ends.push(at, at + 1);
  }
  return ends;
}

/** The landmarks inside a burst, and the boundaries between its sends; ascending. */
export function burstLandmarks(exchange: Exchange, { sends }: Pick<Burst, 'sends'>): readonly Cut[] {
  const all = sendsOf(exchange);
  const places: number[] = [];
  let offset = 0;
  for (const number of sends) {
    const step = all[number]!;
    for (const landmark of landmarksOf(step)) places.push(offset + landmark);
    offset += step.send.length;
    places.push(offset);
    if (places.length > MAX_PLACES) break;
  }
  return sortedCuts(places, sendsLength(exchange, sends));
}

function landmarksOf({ send, frames }: SendStep): readonly number[] {
  return frames === undefined ? lineLandmarks(send) : frameLandmarks(frames);
}

/** The cuts at and next to the landmarks of a send, including its beginning and end; ascending, at most `limit`. */
export function nearLandmarks(step: SendStep, limit: number): readonly Cut[] {
  const landmarks = [0, step.send.length, ...landmarksOf(step)];
  const near = landmarks.flatMap((landmark) => [landmark - 1, landmark, landmark + 1]);
  return sortedCuts(near, cuttableBytes(step)).slice(0, limit);
}
