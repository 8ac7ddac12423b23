import { codec } from './codec/codec.tsx';
import { chat } from './chat/chat.tsx';
import { lessons } from './lessons/lessons.tsx';
import { playground } from './playground/playground.tsx';
import { probe } from './probe/probe.tsx';
import { proxy } from './proxy/proxy.tsx';
import type { View } from '../shell/view.ts';

/** Every page, in the order of the navigation; the first is shown unless another is asked for. */
export const VIEWS: readonly [View, ...View[]] = [lessons, playground, codec, probe, proxy, chat];
