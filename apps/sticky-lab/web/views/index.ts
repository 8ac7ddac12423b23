import { chat } from './chat/chat.tsx';
import { codec } from './codec/codec.tsx';
import { home } from './home/home.tsx';
import { lessons } from './lessons/lessons.tsx';
import { playground } from './playground/playground.tsx';
import { probe } from './probe/probe.tsx';
import { proxy } from './proxy/proxy.tsx';
import type { View } from '../shell/view.ts';

/** What is shown unless a page is asked for. */
export const HOME: View = home;

/** Where a link to an experiment goes, which needs no name of a page. */
export const LESSONS: View = lessons;

/** Every other page, in the order of the navigation. */
export const VIEWS: readonly View[] = [lessons, playground, codec, probe, proxy, chat];
