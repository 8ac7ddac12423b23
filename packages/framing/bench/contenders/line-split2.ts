import split2 from 'split2';
import { feed } from '../feed.ts';
import type { Contender } from '../contender.ts';

export const contender: Contender = {
  name: 'line-split2',
  task: 'lines',
  group: 'npm',
  wire: 'lf',
  about: "Transform, 'data' events, each line a string",
  prepare:
    ({ chunks }, { text }) =>
    () =>
      feed(split2(), chunks, text),
};
