export { type ProxiedServer, patternOf, settingsOf, startProxy } from './setup.ts';
