import { DEFAULT_SETTINGS } from '../../../src/pages/playground/settings.ts';
import type { PlaygroundSettings } from '../../../src/pages/playground/settings.ts';
import type { Text } from '../../shell/language.ts';

/** Settings that show one thing. */
export interface Preset {
  readonly id: string;
  readonly title: Text;
  readonly settings: PlaygroundSettings;
}

// A slow receiver acknowledges late: then Nagle's algorithm has something to wait for.
const NAGLE: PlaygroundSettings = {
  ...DEFAULT_SETTINGS,
  messages: ['tick'],
  repeat: 100,
  write: 'gap',
  gapMs: 1,
  firstRead: 'at-once',
  readGapMs: 5,
};

export const PRESETS: readonly Preset[] = [
  { id: 'glued', title: { en: 'Glued', zh: '粘包' }, settings: DEFAULT_SETTINGS },
  {
    id: 'cut',
    title: { en: 'Cut', zh: '拆包' },
    settings: {
      ...DEFAULT_SETTINGS,
      messages: ['a message of 21 bytes', '你好，世界'],
      write: 'pieces',
      pieceBytes: 7,
      firstRead: 'at-once',
    },
  },
  {
    id: 'short-reads',
    title: { en: 'Short reads', zh: '读得太短' },
    settings: { ...DEFAULT_SETTINGS, messages: ['longer than one read', 'so is this message'], readBytes: 8 },
  },
  {
    id: 'luck',
    title: { en: 'Luck', zh: '碰巧完整' },
    settings: { ...DEFAULT_SETTINGS, write: 'gap', gapMs: 20, firstRead: 'at-once', noDelay: true },
  },
  { id: 'nagle', title: { en: 'Nagle on', zh: '开启 Nagle' }, settings: NAGLE },
  { id: 'no-nagle', title: { en: 'Nagle off', zh: '关闭 Nagle' }, settings: { ...NAGLE, noDelay: true } },
  {
    id: 'many',
    title: { en: '10,000 messages', zh: '一万条消息' },
    settings: { ...DEFAULT_SETTINGS, messages: ['message'], repeat: 10_000, readBytes: 4096, firstRead: 'delayed' },
  },
];
