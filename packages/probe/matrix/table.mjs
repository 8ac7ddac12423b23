// The matrix as a table of Markdown.

/** What each column shows, and which tests it sums up. */
const COLUMNS = [
  ['lengths', ['lengths', 'empty']],
  ['cuts', ['every-cut', 'header-cut', 'every-pair', 'drip']],
  ['glue', ['glue', 'glue+cut']],
  ['cut off', ['truncation']],
  ['limit', ['limit']],
  ['early', ['limit-early']],
  ['malformed', ['malformed']],
];

export function tableOf(results) {
  const head = ['decoder', 'version', 'language', 'framing', ...COLUMNS.map(([name]) => name), 'likely bug', 'row'];
  const lines = results.map(({ row, version, report }) => [
    row.name,
    version,
    row.language,
    `\`${report.exchange.framing}\``,
    ...COLUMNS.map(([, plans]) => cellOf(report, plans)),
    report.control.kind === 'ok' ? (report.diagnosis ? `\`${report.diagnosis.bug}\`` : '') : 'reads nothing',
    `\`${row.id}\``,
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** `✓` all passed; `3/60` that many failed; `–` not tried. */
function cellOf({ plans, control }, names) {
  const own = plans.filter(({ plan, planned }) => names.includes(plan) && planned > 0);
  const done = own.reduce((sum, { pass, fail, flaky }) => sum + pass + fail + flaky, 0);
  const failed = own.reduce((sum, { fail, flaky }) => sum + fail + flaky, 0);
  if (done === 0 || control.kind !== 'ok') return '–';
  return failed === 0 ? '✓' : `✗ ${failed}/${done}`;
}
