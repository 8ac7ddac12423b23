import { aimed } from './target.ts';
import { isOfClass } from './visitor.ts';
import type { Door, View } from './view.ts';

/** Where a link to an experiment goes, which needs no name of a page. */
export const LESSONS: View = {
  id: 'lessons',
  title: { en: 'Lessons', zh: '课程' },
};

/** What is shown unless a page is asked for. */
export const HOME: View = { id: 'home', title: { en: 'TCP has no messages', zh: 'TCP 里没有“消息”' } };

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
      },
      {
        id: 'exercises',
        title: { en: 'Exercises', zh: '练习' },
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
        parameters: () => aimed('address', 'raw'),
      },
      {
        id: 'proxy',
        title: { en: 'Proxy', zh: '切分代理' },
        parameters: () => aimed('target'),
      },
      {
        id: 'probe',
        title: { en: 'Cut test', zh: '切分测试' },
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
