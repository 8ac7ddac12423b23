import { aimed } from '../shell/target.ts';
import { isOfClass } from '../shell/visitor.ts';
import type { Door, View } from '../shell/view.ts';

/** Where a link to an experiment goes, which needs no name of a page. */
export const LESSONS: View = {
  id: 'lessons',
  title: { en: 'Lessons', zh: '课程' },
  load: async () => (await import('./lessons/lessons.tsx')).Lessons,
};

/** Every page but the first, by what one comes for. */
const ALL_DOORS: readonly Door[] = [
  {
    id: 'learn',
    title: { en: 'Learn', zh: '学' },
    isForClass: true,
    views: [
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
    ],
  },
  {
    id: 'program',
    title: { en: 'My program', zh: '看我的程序' },
    isForClass: false,
    views: [
      {
        id: 'chat',
        title: { en: 'Conversation', zh: '对话' },
        load: async () => (await import('./chat/chat.tsx')).ChatPage,
        parameters: () => aimed('address', 'raw'),
      },
      {
        id: 'proxy',
        title: { en: 'Proxy', zh: '切分代理' },
        load: async () => (await import('./proxy/proxy.tsx')).Proxy,
        parameters: () => aimed('target'),
      },
      {
        id: 'probe',
        title: { en: 'Cut test', zh: '切分测试' },
        load: async () => (await import('./probe/probe.tsx')).ProbeView,
        parameters: () => aimed('target'),
      },
    ],
  },
  {
    id: 'bytes',
    title: { en: 'Bytes', zh: '拆字节' },
    isForClass: true,
    views: [
      {
        id: 'codec',
        title: { en: 'Codec bench', zh: '拆帧工具' },
        load: async () => (await import('./codec/codec.tsx')).Bench,
      },
    ],
  },
];

/** The doors that whoever looks may use. */
export const DOORS: readonly Door[] = ALL_DOORS.filter(({ isForClass }) => isForClass || !isOfClass);

/** Which view has this name, and behind which door; `undefined` when there is none, or it is not for whoever looks. */
export function viewCalled(id: string | null): { readonly door: Door; readonly view: View } | undefined {
  for (const door of DOORS) {
    const view = door.views.find((each) => each.id === id);
    if (view !== undefined) return { door, view };
  }
  return undefined;
}
