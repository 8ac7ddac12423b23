import { run } from './run.ts';

process.exitCode = await run({
  node: { command: process.execPath, flags: ['--disable-sigusr1'] },
  language: process.argv.includes('zh') ? 'zh' : 'en',
  isDetailed: process.argv.includes('--details'),
  env: process.env,
});
