// The matrix: popular decoders, tested by the suite. `pnpm --filter @socklab/probe matrix [row...]`; with --write it updates docs/torture.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { textReport, torture } from '@socklab/probe';
import { prepare } from './install.mjs';
import { rows } from './rows.mjs';
import { tableOf } from './table.mjs';

const page = new URL('../../../docs/torture.md', import.meta.url);
const args = process.argv.slice(2);
const chosen = args.filter((arg) => !arg.startsWith('--'));
const wanted = rows.filter(({ id }) => chosen.length === 0 || chosen.includes(id));
const unknown = chosen.filter((id) => !rows.some((row) => row.id === id));
if (unknown.length > 0) throw new RangeError(`there is no row ${unknown.join(', ')}; allowed: ${rows.map(({ id }) => id).join(', ')}`);

const say = (text) => process.stdout.write(`${text}\n`);
const results = [];
for (const row of wanted) {
  const { run, version, missing } = await prepare(row);
  if (missing !== undefined) {
    say(`${row.id}: left out, ${missing}`);
    continue;
  }
  const { framing, frames, tests: plans } = row;
  const report = await torture({ framing, run, hangMs: 5000, ...(frames && { frames }), ...(plans && { plans }) });
  results.push({ row, version, report });
  if (chosen.length > 0) say(textReport(report));
  else say(`${row.id} ${version}: ${report.outcome} ${JSON.stringify(report.totals)} ${report.diagnosis?.bug ?? ''}`);
}

const table = tableOf(results);
if (args.includes('--write')) {
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, text.replace(/(?<=<!-- matrix -->\n)[^]*(?=<!-- end of the matrix -->)/, `\n${table}\n`));
} else if (chosen.length === 0) say(table);
