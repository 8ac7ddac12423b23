import { commandUsage } from '@socklab/service';
import { readmeTable, tableFaults } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { REFUSE_REASONS } from '../src/admission/admission.ts';
import { callOptions } from '../src/call/call-options.ts';
import { OPERATOR_COMMANDS } from '../src/operator/commands.ts';
import { placeHolders } from '../src/sessions/greeting.ts';

const README = 'apps/tcp-echo/README.md';

test('the table of refusals is every reason for one', () => {
  const rows = REFUSE_REASONS.map((reason) => ({ reason }));
  expect(tableFaults(README, 'Refusals', rows)).toEqual([]);
});

test('the table of placeholders is what a greeting can name', () => {
  const rows = placeHolders.map((name) => ({ placeholder: `{${name}}` }));
  expect(tableFaults(README, 'Greetings', rows)).toEqual([]);
});

test('the table of the operator is every command, with its help', () => {
  const rows = readmeTable(README, 'The operator').map(Object.values);
  expect(rows).toEqual(OPERATOR_COMMANDS.map((command) => [commandUsage(command), command.help]));
});

test('the table of call is every option, with its default', () => {
  const rows = callOptions().map(({ long, defaultValue, defaultValueDescription }) => ({
    option: long!,
    default: defaultValueDescription ?? (defaultValue === undefined ? '' : String(defaultValue)),
  }));
  expect(tableFaults(README, 'Measuring', rows)).toEqual([]);
});
