import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { availableOrRequired, repoRoot, temporaryFolder } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { CAMPAIGN_MS, isLinux } from '../probe-run.ts';
import { PROBE_COMMAND, runSuite, SERVER, SUITES, writeOutcomes, writeWrapped } from './suite-run.ts';

const isThere = availableOrRequired(spawnSync('go', ['version']).status === 0, 'go');

/** Each ends in another way. */
const SUITE = `package server_test

import (
	"errors"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"example.com/server/socklab"
)

var server = []string{"--run", "${SERVER}", "--framing", "line", "--silence", "50ms", "--request", socklab.Hex("é\\n"), "--plan"}

// A list of its own for each test: they run at once.
func with(words []string, more ...string) []string {
	return append(append([]string{}, words...), more...)
}

func TestRight(t *testing.T) {
	t.Parallel()
	if report := socklab.Survives(t, with(server, "at:2")...); report.Totals.Pass != 1 {
		t.Fatal(string(report.JSON))
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	socklab.Survives(t, with(server, "at:1")...)
}

func TestToldApart(t *testing.T) {
	t.Setenv("SOCKLAB_PROBE", "./unconfirmed")
	report, err := socklab.Probe(time.Time{})
	if !errors.Is(err, socklab.ErrUnconfirmed) || errors.Is(err, socklab.ErrBreaks) || report.Outcome != "unconfirmed" {
		t.Fatal(err)
	}
	t.Setenv("SOCKLAB_PROBE", "./control-failed")
	report, err = socklab.Probe(time.Time{})
	if !errors.Is(err, socklab.ErrNothingLearnt) || report.Outcome != "control-failed" {
		t.Fatal(err)
	}
}

func TestInterrupted(t *testing.T) {
	t.Setenv("SOCKLAB_PROBE", "./wrapped")
	signal.Ignore(syscall.SIGALRM)
	// Half a second before it is told to end.
	if _, err := socklab.Probe(time.Now().Add(5500 * time.Millisecond)); !errors.Is(err, socklab.ErrNothingLearnt) {
		t.Fatal(err)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	socklab.Survives(t, "--target", "127.0.0.1:1", "--request", "hex:00", "--plan", "no-such-plan")
}
`;

test.runIf(isLinux)(
  'go test passes a right server, and fails another with its smallest cut and the command that repeats it',
  { timeout: CAMPAIGN_MS },
  async ({ skip }) => {
    skip(!isThere, 'go is not installed');
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'socklab'));
    await copyFile(join(SUITES, 'socklab_probe.go'), join(folder.path, 'socklab/socklab_probe.go'));
    await writeOutcomes(folder.path);
    await writeWrapped(folder.path);
    await writeFile(join(folder.path, 'go.mod'), 'module example.com/server\n\ngo 1.19\n');
    await writeFile(join(folder.path, 'server_test.go'), SUITE);
    // Its packages are compiled once.
    const env = { SOCKLAB_PROBE: PROBE_COMMAND, GOCACHE: join(repoRoot, 'node_modules/.cache/go'), GOFLAGS: '-mod=mod' };
    const { code, stdout: output } = await runSuite(['go', 'test', '-count=1', '.'], folder.path, env);
    const failures = new Map(Array.from(output.matchAll(/^--- FAIL: (\w+) .*\n((?: +.*\n)+)/gm), ([, name, text]) => [name, text]));
    expect(new Set(failures.keys()), output).toEqual(new Set(['TestBroken', 'TestRefused']));
    expect(code).toBe(1);
    const [brokenText, refused] = [failures.get('TestBroken'), failures.get('TestRefused')];
    expect(brokenText).toMatch(/server_test\.go:\d+: the server does not survive\n +FAIL {2}/);
    expect(brokenText).toContain('at:1#0  wrong-bytes: byte 6 of the answer is ef, the control has c3');
    expect(brokenText).toContain('SPLIT HERE');
    expect(brokenText).toContain(String.raw`received  "hello \ufffd\ufffd\n" (13 bytes, from 0)`);
    expect(brokenText).toMatch(new RegExp(`replay    ${PROBE_COMMAND.replaceAll(/[.+]/g, '\\$&')} probe --run .* --plan at:1\\n`));
    expect(refused).toMatch(
      /nothing was learnt about segmentation: .* ended without a report: exit status 2\n.*unknown plan "no-such-plan"/,
    );
  },
);
