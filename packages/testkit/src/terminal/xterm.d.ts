// The add-on's types are for the browser's terminal; it needs nothing that the headless one lacks.
declare module '@xterm/xterm' {
  export { Terminal, ITerminalAddon } from '@xterm/headless';
}
