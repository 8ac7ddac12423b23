// docs/findings.md and its Chinese twin from the results.

const HEADS = {
  en: {
    results: ['name', 'version', 'from', 'asked', 'command', 'verdict', 'trials'],
    proofs: ['name', 'version', 'what a trial saw', 'cut', 'proof', 'it prints'],
    others: ['name', 'asked', 'why not'],
    none: 'None.',
  },
  zh: {
    results: ['名称', '版本', '来源', '对话', '命令', '结论', '试验'],
    proofs: ['名称', '版本', '试验看到的', '切口', '证明', '它打印'],
    others: ['名称', '对话', '原因'],
    none: '没有。',
  },
};

/** The page with the tables of these results. */
export function pageOf(page, results, language = 'en') {
  const heads = HEADS[language];
  const tables = {
    servers: resultsOf(results, 'server', heads),
    clients: resultsOf(results, 'client', heads),
    proofs: proofsOf(results, heads),
    'not tried': othersOf(results, heads),
  };
  return Object.entries(tables).reduce((text, [mark, table]) => {
    const place = new RegExp(`(?<=<!-- ${mark} -->\n)[^]*(?=<!-- end of ${mark} -->)`);
    return text.replace(place, () => `\n${table}\n\n`);
  }, page);
}

/** What is shown as a result: nobody is accused without a proof, and nothing is said of what fails only at times. */
export const isResult = ({ outcome }) => ['pass', 'fail', 'unconfirmed'].includes(outcome);

const NOT_TRIED = ['not-run', 'error', 'control-failed'];

function resultsOf(results, kind, heads) {
  const rows = results.filter((result) => result.kind === kind && isResult(result));
  return tableOf(
    heads.results,
    rows.map(({ name, version, of, protocol, command, outcome, totals }) => [
      name,
      version,
      of,
      protocol,
      `\`${command.replaceAll(/ {2,}/g, ' ')}\``,
      outcome.toUpperCase(),
      trialsOf(totals),
    ]),
    heads,
  );
}

const trialsOf = ({ pass, fail, unconfirmed, flaky }) => `${pass}/${pass + fail + unconfirmed + flaky}`;

function proofsOf(results, heads) {
  const failed = results.filter(({ outcome }) => outcome === 'fail');
  return tableOf(
    heads.proofs,
    failed.map(({ id, name, version, detail, where = '', proof = '' }) => [
      name,
      version,
      detail,
      where,
      `[${id}.mjs](../packages/probe/findings/proofs/${id}.mjs)`,
      proof
        .split('\n')
        .map((line) => `\`${line.replaceAll(/ {2,}/g, ' ')}\``)
        .join('<br>'),
    ]),
    heads,
  );
}

function othersOf(results, heads) {
  const others = results.filter(({ outcome }) => NOT_TRIED.includes(outcome));
  return tableOf(
    heads.others,
    others.map(({ name, protocol, outcome, why, detail }) => [name, protocol, why ?? `${outcome}: ${shortened(detail ?? '')}`]),
    heads,
  );
}

const SHOWN_CHARS = 160;
/** The first clause of why, without folders of the machine. */
function shortened(text) {
  const plain = text.replaceAll(/\/(?:[\w.@-]+\/)+/g, '').replaceAll(/[<>*_]/g, '');
  return plain.length > SHOWN_CHARS ? `${plain.slice(0, SHOWN_CHARS)}…` : plain;
}

function tableOf(head, rows, { none }) {
  if (rows.length === 0) return none;
  const lines = [head, head.map(() => '---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`)
    .join('\n');
}
