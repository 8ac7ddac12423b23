export { addProxyCommand } from '../commands/proxy/command.ts';
