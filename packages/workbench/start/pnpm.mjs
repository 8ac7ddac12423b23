import { packageManager } from './versions.mjs';

/** The command that runs pnpm with `words`: the pnpm that runs this script, or one that npm fetches, once. */
export function pnpmCommand(words, env = process.env) {
  const runner = env.npm_execpath ?? '';
  if (/[\\/]pnpm(\.[cm]?js|\.exe)?$/.test(runner)) return runner.endsWith('js') ? [process.execPath, runner, ...words] : [runner, ...words];
  // --prefer-offline: what was fetched before is used without a request, so a missing network causes no wait.
  const npm = ['exec', '--yes', '--prefer-offline', '--no-update-notifier', '--', packageManager(), ...words];
  if (/[\\/]npm-cli\.js$/.test(runner)) return [process.execPath, runner, ...npm];
  return ['npm', ...npm];
}
