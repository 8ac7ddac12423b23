// The findings: servers and clients that other people wrote, probed with the default plan.
// `pnpm --filter @socklab/probe findings [id...]`; with --write it updates results.json and docs/findings.md, --packages names what to install.
import { readFileSync, writeFileSync } from 'node:fs';
import { probeTarget } from './probe-target.mjs';
import { pageOf } from './table.mjs';
import { targets } from './targets/index.mjs';

const RESULTS = new URL('results.json', import.meta.url);
const PAGES = {
  en: new URL('../../../docs/findings.md', import.meta.url),
  zh: new URL('../../../docs/findings.zh-CN.md', import.meta.url),
};

const args = process.argv.slice(2);
const chosen = args.filter((arg) => !arg.startsWith('--'));
const unknown = chosen.filter((id) => !targets.some((target) => target.id === id));
if (unknown.length > 0)
  throw new RangeError(`there is no target ${unknown.join(', ')}; allowed: ${targets.map(({ id }) => id).join(', ')}`);

const say = (text) => process.stdout.write(`${text}\n`);
if (args.includes('--packages')) {
  say([...new Set(targets.flatMap(({ debian }) => debian ?? []))].toSorted((a, b) => a.localeCompare(b)).join(' '));
  process.exit(0);
}

let surprises = 0;
for (const target of targets) {
  if (chosen.length > 0 && !chosen.includes(target.id)) continue;
  const result = await probeTarget(target, chosen.length > 0 ? say : () => undefined);
  if (args.includes('--write')) write(result);
  say(`${target.id} ${result.version ?? ''}: ${result.outcome} ${JSON.stringify(result.totals ?? result.why)} ${result.diagnosis ?? ''}`);
  if (result.outcome !== 'not-run' && result.outcome !== (target.expected ?? 'pass')) {
    surprises += 1;
    say(`  expected was ${target.expected ?? 'pass'}: ${result.detail ?? ''}`);
  }
}
if (surprises > 0) process.exitCode = 1;

/** Each result at once, so that a run that is stopped leaves what it found. */
function write(result) {
  const known = new Map(JSON.parse(readFileSync(RESULTS, 'utf8')).map((each) => [each.id, each])).set(result.id, result);
  const results = targets.flatMap(({ id }) => known.get(id) ?? []);
  writeFileSync(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
  for (const [language, page] of Object.entries(PAGES)) writeFileSync(page, pageOf(readFileSync(page, 'utf8'), results, language));
}
