// The add-on is typed for the terminal in a browser, of which it needs no more than the one without a window has.
declare module '@xterm/xterm' {
  export { Terminal, ITerminalAddon } from '@xterm/headless';
}
