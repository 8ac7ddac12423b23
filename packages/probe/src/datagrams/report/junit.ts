import { escapeMarkup } from '../../report/escape.ts';
import { count } from '../../report/headline.ts';
import { datagramHeadline, remarks } from './text.ts';
import type { DatagramCase, DatagramReport, DatagramTally } from './model.ts';

interface TestCase {
  readonly name: string;
  readonly element?: 'failure' | 'error' | 'skipped';
  readonly message?: string;
  readonly text?: string;
}

/** A report over UDP as JUnit XML: one suite a plan, with a case for all trials that went well and one for each that is shown. */
export function datagramJunit(report: DatagramReport): string {
  const { control, plans, target } = report;
  const said = remarks(report).map((message): TestCase => ({ name: message, element: 'skipped', message }));
  const suites = [
    suite(report, 'control', [controlCase(report)]),
    ...(control.kind === 'ok'
      ? plans.filter(({ planned }) => planned > 0).map((plan) => suite(report, plan.plan, casesOf(report, plan)))
      : []),
    ...(said.length === 0 ? [] : [suite(report, 'remarks', said)]),
  ];
  const name = escapeMarkup(`datagrams of ${target}`);
  return ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="${name}">`, ...suites, '</testsuites>', ''].join('\n');
}

function controlCase(report: DatagramReport): TestCase {
  const name = `the exchange unharmed, ${count(report.control.runs, 'run')}`;
  return report.control.kind === 'ok' ? { name } : { name, element: 'error', message: datagramHeadline(report) };
}

function casesOf(
  { cases, omittedCases }: DatagramReport,
  { plan, planned, same, twice, other, none, fail, flaky }: DatagramTally,
): readonly TestCase[] {
  const shown = cases.filter((each) => each.plan === plan || each.trial === plan);
  const well = same + twice + other + none;
  const undone = planned - well - fail - flaky;
  const hidden = omittedCases === 0 ? 0 : fail + flaky - shown.length;
  return [
    ...(well > 0 ? [{ name: `${count(well, 'trial')} went well` }] : []),
    ...shown.map(failedCase),
    ...(hidden > 0 ? [{ name: 'the others', element: 'failure' as const, message: `${count(hidden, 'more trial')} failed` }] : []),
    ...(undone > 0 ? [{ name: `${count(undone, 'trial')} not done`, element: 'skipped' as const, message: 'they were not done' }] : []),
  ];
}

function failedCase({ trial, kind, failure, detail, what, meaning, replay }: DatagramCase): TestCase {
  const text = [what, meaning, replay].filter((line) => line !== undefined).join('\n');
  return { name: trial, element: kind === 'fail' ? 'failure' : 'error', message: `${failure ?? kind}: ${detail}`, text };
}

function suite({ exchange, target }: DatagramReport, name: string, cases: readonly TestCase[]): string {
  const having = (wanted: string) => cases.filter(({ element }) => element === wanted).length;
  const counts = `tests="${cases.length}" failures="${having('failure')}" errors="${having('error')}" skipped="${having('skipped')}"`;
  const lines = cases.map((each) => caseXml(each, escapeMarkup(exchange.name ?? target)));
  return [`  <testsuite name="${escapeMarkup(name)}" ${counts}>`, ...lines, '  </testsuite>'].join('\n');
}

function caseXml({ name, element, message = '', text = '' }: TestCase, classname: string): string {
  const open = `    <testcase classname="${classname}" name="${escapeMarkup(name)}"`;
  if (element === undefined) return `${open}/>`;
  return `${open}><${element} message="${escapeMarkup(message)}">${escapeMarkup(text)}</${element}></testcase>`;
}
