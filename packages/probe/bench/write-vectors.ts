// Regenerates the corpora under vectors/: `pnpm --filter @socklab/probe vectors`.
import { writeFileSync } from 'node:fs';
import { FRAMINGS } from '@socklab/framing';
import { tortureCorpus, writeCorpus } from '@socklab/probe';

for (const { name, keepsBoundaries } of FRAMINGS) {
  if (keepsBoundaries) writeFileSync(new URL(`../vectors/${name}.json`, import.meta.url), writeCorpus(tortureCorpus(name)));
}
