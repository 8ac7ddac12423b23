import type { View } from '../shell/view.ts';

/** What is shown unless a page is asked for. */
export const HOME: View = {
  id: 'home',
  title: { en: 'TCP has no messages', zh: 'TCP 里没有“消息”' },
  load: async () => (await import('./home/home.tsx')).Home,
};

/** Where a link to an experiment goes, which needs no name of a page. */
export const LESSONS: View = {
  id: 'lessons',
  title: { en: 'Lessons', zh: '课程' },
  load: async () => (await import('./lessons/lessons.tsx')).Lessons,
};

/** Every other page, in the order of the navigation. */
export const VIEWS: readonly View[] = [
  LESSONS,
  {
    id: 'playground',
    title: { en: 'Playground', zh: '动手实验' },
    load: async () => (await import('./playground/playground.tsx')).Playground,
  },
  {
    id: 'exercises',
    title: { en: 'Exercises', zh: '练习' },
    load: async () => (await import('./exercises/exercises.tsx')).Exercises,
  },
  {
    id: 'codec',
    title: { en: 'Codec bench', zh: '拆帧工具' },
    load: async () => (await import('./codec/codec.tsx')).Bench,
  },
  {
    id: 'probe',
    title: { en: 'Probe', zh: '切分测试' },
    load: async () => (await import('./probe/probe.tsx')).ProbeView,
  },
  {
    id: 'proxy',
    title: { en: 'Proxy', zh: '切分代理' },
    load: async () => (await import('./proxy/proxy.tsx')).Proxy,
  },
  {
    id: 'chat',
    title: { en: 'Chat', zh: '对话' },
    load: async () => (await import('./chat/chat.tsx')).ChatPage,
  },
];
