import type { View } from '../shell/view.ts';
import type { ComponentType } from 'preact';

/** Loads what draws each view, when it is shown. */
export const LOADS: Readonly<Record<View['id'], () => Promise<ComponentType>>> = {
  home: async () => (await import('./home/home.tsx')).Home,
  lessons: async () => (await import('./lessons/lessons.tsx')).Lessons,
  playground: async () => (await import('./playground/playground.tsx')).Playground,
  exercises: async () => (await import('./exercises/exercises.tsx')).Exercises,
  chat: async () => (await import('./chat/chat.tsx')).ChatPage,
  proxy: async () => (await import('./proxy/proxy.tsx')).Proxy,
  probe: async () => (await import('./probe/probe.tsx')).ProbeView,
  codec: async () => (await import('./codec/codec.tsx')).Bench,
};
