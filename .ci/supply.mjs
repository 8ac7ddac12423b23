// What the images are made of:   node .ci/supply.mjs [FOLDER]
// Writes a bill of materials of each app (CycloneDX JSON) to FOLDER, lists the licences in them, and asks the registry for
// known faults. Exit 1 for a licence that is not among those below, or a fault in what runs.
import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const APPS = ['tcp-echo', 'udp-multi', 'sticky-lab'];
/** Licences that ask for no more than to be named. */
const LICENCES = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Unlicense'];
const LIMIT_MS = 120_000;
const run = promisify(execFile);
const folder = process.argv[2] ?? 'dist/sbom';
const { packageManager } = JSON.parse(await readFile('package.json', 'utf8'));

await mkdir(folder, { recursive: true });
const components = (await Promise.all(APPS.map(billOf))).flat();
listLicences();
await audit();

/** @returns the components of an app's bill, which is a file now. */
async function billOf(app) {
  const file = join(folder, `${app}.cdx.json`);
  await pnpm(['--filter', app, 'sbom', '--prod', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--out', file]);
  const bill = JSON.parse(await readFile(file, 'utf8'));
  if (bill.bomFormat !== 'CycloneDX' || bill.metadata.component.name !== app) fail(`${file} is no bill of ${app}`);
  process.stdout.write(`supply: ${file}: ${bill.components.length} components, CycloneDX ${bill.specVersion}\n`);
  return bill.components;
}

function listLicences() {
  const each = [...new Map(components.map((component) => [component.purl, component])).values()];
  for (const licence of [...new Set(each.map(licenceOf))].toSorted()) {
    const those = each.filter((component) => licenceOf(component) === licence);
    process.stdout.write(`supply: ${licence}: ${those.map(nameOf).toSorted().join(' ')}\n`);
    if (!LICENCES.includes(licence)) fail(`${licence} is not allowed; allowed: ${LICENCES.join(', ')}`);
  }
}

function licenceOf({ licenses = [] }) {
  return licenses.map(({ expression, license }) => expression ?? license.id ?? license.name).join(' AND ') || 'no licence';
}

function nameOf({ group, name, version }) {
  return `${group === undefined ? '' : `${group}/`}${name}@${version}`;
}

async function audit() {
  const { code, output } = await pnpm(['audit', '--prod']).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error) => ({ code: error.code, output: `${error.stdout}${error.stderr}` }),
  );
  if (code === 0) process.stdout.write('supply: no known faults in what runs\n');
  else if (/ERR_PNPM_AUDIT_(BAD_RESPONSE|ENDPOINT)|ENOTFOUND|ECONNREFUSED|ETIMEDOUT/.test(output)) {
    process.stderr.write('supply: NOT AUDITED, so nothing is known of faults: the registry does not answer audits here\n');
  } else fail(`the audit found faults:\n${output}`);
}

function pnpm(words) {
  return run('npx', ['-y', packageManager, ...words], { timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 });
}

function fail(message) {
  process.stderr.write(`supply failed: ${message}\n`);
  process.exit(1);
}
