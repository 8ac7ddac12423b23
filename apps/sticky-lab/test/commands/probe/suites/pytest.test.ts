import { spawnSync } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableOrRequired, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { CAMPAIGN_MS, isLinux } from '../probe-run.ts';
import { PROBE_COMMAND, runSuite, SERVER, SUITES, writeOutcomes, writeWrapped } from './suite-run.ts';

/** The first Python that has pytest: that of Debian's package is not always the first in PATH. */
const python = ['python3', '/usr/bin/python3'].find((each) => spawnSync(each, ['-m', 'pytest', '--version']).status === 0);
const isThere = availableOrRequired(python !== undefined, 'python3-pytest');

/** Each ends in another way. */
const SUITE = `
import os, signal, traceback
import pytest
from socklab_probe import BreaksAtACut, NotConfirmed, NothingLearnt, probe

SERVER = {"run": "${SERVER}", "framing": "line", "silence": "50ms", "request": "é\\n".encode()}

def test_right(survives):
    assert survives(plan="at:2", **SERVER)["totals"]["pass"] == 1

def test_broken(survives):
    survives(plan="at:1", **SERVER)

def test_told_apart():
    assert not issubclass(NotConfirmed, BreaksAtACut) and issubclass(BreaksAtACut, AssertionError)
    with pytest.raises(NotConfirmed, match="UNCONFIRMED") as raised:
        probe(command="./unconfirmed")
    assert raised.value.report["outcome"] == "unconfirmed"
    assert probe(command="./unconfirmed", unconfirmed=True)["outcome"] == "unconfirmed"
    with pytest.raises(NothingLearnt, match="CONTROL-FAILED"):
        probe(command="./control-failed")

def test_refused(survives):
    survives(target="127.0.0.1:1", request=b"-", plan="no-such-plan", insecure=False)

def test_too_long(survives):
    survives(request=bytes(32769))

def test_interrupted(survives):
    def interrupt(_, frame):
        if any(each.name == "communicate" for each in traceback.extract_stack(frame)):
            raise KeyError("interrupted")
        # It is not waited for yet.
        signal.setitimer(signal.ITIMER_REAL, 0.02)
    signal.signal(signal.SIGALRM, interrupt)
    with pytest.raises(KeyError, match="interrupted"):
        survives(command="./wrapped")
    assert os.path.exists("ended")
`;

test.runIf(isLinux)(
  'pytest passes a right server, and fails another with its smallest cut and the command that repeats it',
  { timeout: CAMPAIGN_MS },
  async ({ skip }) => {
    skip(!isThere, 'python3-pytest is not installed');
    await using folder = await temporaryFolder();
    await copyFile(join(SUITES, 'socklab_probe.py'), join(folder.path, 'socklab_probe.py'));
    await writeOutcomes(folder.path);
    await writeWrapped(folder.path);
    await writeFile(join(folder.path, 'conftest.py'), 'pytest_plugins = ["socklab_probe"]\n');
    await writeFile(join(folder.path, 'test_server.py'), SUITE);
    const words = [python ?? 'python3', '-m', 'pytest', '-p', 'no:cacheprovider', '--socklab-probe', PROBE_COMMAND];
    const { code, stdout: output } = await runSuite(words, folder.path, { SOCKLAB_PROBE: PROBE_COMMAND });
    expect(output).toMatch(/\n=+ 3 failed, 3 passed in /);
    expect(code).toBe(1);
    const [broken = '', refused = '', long = ''] = output.split(/^_+ test_\w+ _+$/m).slice(1);
    expect(broken).toContain('socklab_probe.BreaksAtACut: FAIL  ');
    expect(broken).toContain('at:1#0  wrong-bytes: byte 6 of the answer is ef, the control has c3');
    expect(broken).toContain('SPLIT HERE');
    expect(broken).toContain(String.raw`received  'hello \xef\xbf\xbd\xef\xbf\xbd\n' (13 bytes, from 0)`);
    expect(broken).toMatch(new RegExp(`replay    ${PROBE_COMMAND.replaceAll(/[.+]/g, '\\$&')} probe --run .* --plan at:1\\n`));
    // Of the plugin itself no line is shown.
    expect(broken).not.toContain('json.loads');
    expect(refused).toMatch(/NothingLearnt: .* ended with code 2 and without a report\nE +.*unknown plan "no-such-plan"/);
    expect(long).toContain('32769 bytes are too many for a command line, limit 32768: give the name of a file');
  },
);
