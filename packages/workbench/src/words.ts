import type { StopReason } from './stop-requests.ts';

/** The languages that `npm start` speaks. */
export type Language = 'en' | 'zh';

/** The texts of the workbench while the services run. */
export interface Words {
  /** Shown once it takes a second. */
  readonly starting: (app: string) => string;
  readonly openInBrowser: string;
  /** Appended to a netcat command. */
  readonly linesComeBack: string;
  readonly howToStop: (services: number) => string;
  readonly stopping: (reason: StopReason) => string;
  readonly notStarted: (app: string, code: number, moveWith: string) => string;
  readonly endedByItself: (app: string, code: number) => string;
}

/** By language. */
export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    starting: (app) => (app === 'sticky-lab' ? 'Running the experiments …' : `Starting ${app} …`),
    openInBrowser: 'open it in a browser',
    linesComeBack: 'lines come back',
    howToStop: (services) => `Ctrl-C ends all ${services}.`,
    stopping: (reason) => `${reason}: the services finish what is under way; once more ends them now`,
    notStarted: (app, code, moveWith) =>
      `npm start: ${app} did not start (exit code ${code}), see above. To move it: ${moveWith} npm start`,
    endedByItself: (app, code) => `npm start: ${app} ended by itself (exit code ${code}); ending the others`,
  },
  zh: {
    starting: (app) => (app === 'sticky-lab' ? '正在运行实验 …' : `正在启动 ${app} …`),
    openInBrowser: '用浏览器打开',
    linesComeBack: '每行原样返回',
    howToStop: (services) => `按 Ctrl-C 结束全部 ${services} 个服务。`,
    stopping: (reason) => `${reason}：各服务处理完手头的工作后退出；再按一次立即退出`,
    notStarted: (app, code, moveWith) => `npm start：${app} 没有启动（退出码 ${code}），原因见上文。换地址：${moveWith} npm start`,
    endedByItself: (app, code) => `npm start：${app} 自行退出（退出码 ${code}），正在结束其他服务`,
  },
};
