import { spawnSync } from 'node:child_process';
// Probes one target: a server as it is started here, or a client with what a server answered it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_MASKS, freePort, parseConversation, parseMask, probe, probeClient, protocolExchange, textReport } from '@socklab/probe';
import { installed } from './installed.mjs';
import { startProgram } from './program.mjs';
import { record } from './record.mjs';

/** Longest campaign of one target, and longest life of a proof. */
const MAX_TIME_MS = 120_000;
const PROOF_MS = 20_000;

/** What came of one target, as results.json has it. `say` gets the whole report. */
export async function probeTarget(target, say) {
  const { id, name, kind = 'server', of, protocol, conversation } = target;
  const asked = protocol ?? conversation?.name;
  const head = { id, name, kind, of, protocol: asked, command: shown(target) };
  const { version, missing, words, folder } = await installed(target);
  if (missing !== undefined) return { ...head, outcome: 'not-run', why: missing };
  const place = mkdtempSync(join(tmpdir(), 'socklab-findings-'));
  try {
    const report = await (kind === 'client' ? clientReport : serverReport)(target, { words, place, folder });
    say(textReport(report));
    const result = { ...head, version, ...summed(report) };
    if (report.outcome !== 'fail') return result;
    // A proof plays the client; there is none that plays a server.
    if (kind === 'client') return { ...result, outcome: 'unproved', detail: `${result.detail}; no proof yet` };
    return await proved(target, result, { words, place });
  } catch (error) {
    return { ...head, version, outcome: 'error', detail: error.message.replaceAll(place, '') };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

async function serverReport(target, { words, place }) {
  const { protocol, conversation, options } = target;
  const port = await freePort();
  const server = await startProgram(target, { words, place, port });
  try {
    const { exchange, masks } = protocol === undefined ? asExchange(conversation) : protocolExchange(protocol);
    const own = (target.masks ?? []).map(parseMask);
    const limits = { maxTimeMs: MAX_TIME_MS, maxShrinkRuns: 50 };
    return await probe({ target: `127.0.0.1:${port}`, exchange, masks: [...DEFAULT_MASKS, ...masks, ...own], ...limits, ...options });
  } finally {
    await server.stop();
  }
}

async function clientReport(target, { words, place }) {
  const recording = await record(target, { words, place });
  return probeClient({
    recording,
    run: words,
    cwd: place,
    maxTimeMs: MAX_TIME_MS,
    masks: (target.masks ?? []).map(parseMask),
    ...target.options,
  });
}

const asExchange = ({ masks = [], ...conversation }) => ({
  exchange: parseConversation(JSON.stringify(conversation)),
  masks: masks.map(parseMask),
});

/** A FAIL counts when a script that knows nothing of the probe shows it too. */
async function proved(target, result, { words, place }) {
  const port = await freePort();
  const server = await startProgram(target, { words, place, port });
  try {
    const proof = new URL(`proofs/${target.id}.mjs`, import.meta.url);
    const { status, stdout, stderr } = spawnSync(process.execPath, [proof.pathname, String(port)], { encoding: 'utf8', timeout: PROOF_MS });
    if (status === 0) return { ...result, proof: stdout.trim() };
    return {
      ...result,
      outcome: 'unproved',
      detail: `${result.detail}; the proof does not show it: ${(stderr || stdout).trim().split('\n')[0]}`,
    };
  } finally {
    await server.stop();
  }
}

function summed({ outcome, totals, diagnosis, control, cases }) {
  const detail = control.kind === 'ok' ? cases[0]?.detail : control.detail;
  const where = cases[0]?.where?.[0];
  return {
    outcome,
    totals,
    ...(diagnosis?.bug && outcome === 'fail' ? { diagnosis: diagnosis.bug } : {}),
    ...(detail && outcome !== 'pass' ? { detail } : {}),
    ...(where && outcome === 'fail' ? { where } : {}),
  };
}

/** The command as a reader would type it. */
const shown = ({ run }) => run.join(' ').replaceAll(/\{(?:folder|servers|clients)\}\/?/g, '');
