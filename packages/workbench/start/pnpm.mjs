import { packageManager } from './versions.mjs';

/** What runs pnpm with `words`: the one that runs this script, else the one that npm fetches, once. */
export function pnpmCommand(words, env = process.env) {
  const runner = env.npm_execpath ?? '';
  if (/[\\/]pnpm(\.[cm]?js|\.exe)?$/.test(runner)) return runner.endsWith('js') ? [process.execPath, runner, ...words] : [runner, ...words];
  // --prefer-offline: what was fetched once is taken without asking, so no network means no wait.
  const npm = ['exec', '--yes', '--prefer-offline', '--no-update-notifier', '--', packageManager(), ...words];
  if (/[\\/]npm-cli\.js$/.test(runner)) return [process.execPath, runner, ...npm];
  return ['npm', ...npm];
}
