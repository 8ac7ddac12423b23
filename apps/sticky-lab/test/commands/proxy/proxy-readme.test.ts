import { PassThrough } from 'node:stream';
import { machine } from '@socklab/lab/testing';
import { CLOSE_REASONS, createProxyMetrics, parseStreamPlan, PLAN_USAGES, createTotals, parseTrigger } from '@socklab/proxy';
import { readmeTable, tableFaults } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { createStickyLabProgram } from '../../../src/cli.ts';

const README = 'apps/sticky-lab/README.md';
const nowhere = new PassThrough();
const streams = { stdin: nowhere, stdout: nowhere, stderr: nowhere };
const program = createStickyLabProgram({ experiments: [], stdout: nowhere, machine, streams, exitWith: () => undefined });

test('the table of options of the proxy is the command', () => {
  const command = program.commands.find((each) => each.name() === 'proxy');
  const options = command!.options.map(({ long, defaultValue, defaultValueDescription }) => ({
    option: long!,
    default: defaultValueDescription ?? (defaultValue === undefined ? 'none' : String(defaultValue)),
  }));
  expect(tableFaults(README, 'Proxy', options)).toEqual([]);
});

test('the table of plans is what can be given', () => {
  const plans = readmeTable(README, 'Plans of the proxy').map(({ plan }) => plan!);
  expect(plans).toEqual(PLAN_USAGES);
  for (const text of plans.flatMap((plan) => plan.split(' or ')))
    expect(parseStreamPlan(text.replace('N', '5')).text).toBe(text.replace('N', '5'));
});

test('the table of actions is what can be given', () => {
  const kinds = readmeTable(README, 'Triggers').map(({ action }) => parseTrigger(`bytes:1 do ${action!}`).action.kind);
  expect(kinds).toEqual(['stall', 'rst', 'fin', 'truncate', 'slow']);
});

test('the table of metrics of the proxy is what is counted', async () => {
  const metrics = await createProxyMetrics(createTotals(), () => 0).service.registry.getMetricsAsJSON();
  const own = metrics.map(({ name }) => name).filter((name) => name.startsWith('socklab_'));
  const documented = readmeTable(README, 'Metrics of the proxy');
  expect(documented.map(({ metric }) => metric)).toEqual(own);
  const closed = documented.find(({ metric }) => metric?.endsWith('closed_total'))!;
  for (const reason of CLOSE_REASONS) expect(Object.values(closed).join(' ')).toContain(`\`${reason}\``);
});
