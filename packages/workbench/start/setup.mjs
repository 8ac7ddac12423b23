// `npm run setup`: everything, for those who build and test.

import { readFlags } from './flags.mjs';
import { install } from './install.mjs';
import { StepError } from './step.mjs';
import { tooOld } from './versions.mjs';
import { WORDS } from './words.mjs';

const old = tooOld();
if (old !== undefined) {
  process.stderr.write(`${old}\n`);
  process.exit(1);
}
try {
  await install({ isAll: true, words: WORDS[readFlags([], process.env).language] });
} catch (error) {
  if (!(error instanceof StepError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
