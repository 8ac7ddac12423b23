export { addProxyCommand } from './command.ts';
