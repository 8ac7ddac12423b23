import { commandUsage } from '@socklab/service';
import { readmeTable } from '@socklab/testkit';
import { expect, test } from 'vitest';
import { REFUSE_REASONS } from '../src/admission/admission.ts';
import { callOptions } from '../src/call/call-options.ts';
import { OPERATOR_COMMANDS } from '../src/operator/commands.ts';
import { placeHolders } from '../src/sessions/greeting.ts';

const README = 'apps/tcp-echo/README.md';

test('the table of refusals is every reason for one', () => {
  expect(readmeTable(README, 'Refusals').map(({ reason }) => reason)).toEqual([...REFUSE_REASONS]);
});

test('the table of placeholders is what a greeting can name', () => {
  expect(readmeTable(README, 'Greetings').map(({ placeholder }) => placeholder)).toEqual(placeHolders.map((name) => `{${name}}`));
});

test('the table of the operator is every command, with its help', () => {
  const rows = readmeTable(README, 'The operator').map(Object.values);
  expect(rows).toEqual(OPERATOR_COMMANDS.map((command) => [commandUsage(command), command.help]));
});

test('the table of call is every option, with its default', () => {
  const rows = readmeTable(README, 'Measuring').map(({ option, default: value }) => [option, value]);
  const options = callOptions().map(({ long, defaultValue, defaultValueDescription }) => [
    long,
    defaultValueDescription ?? (defaultValue === undefined ? '' : String(defaultValue)),
  ]);
  expect(rows).toEqual(options);
});
