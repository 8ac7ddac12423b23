import { escapeMarkup } from './escape.ts';
import { count, hasTrials, headlineOf, notTriedLine } from './headline.ts';
import type { CaseReport, PlanTally, ProbeReport } from './model.ts';

/** The result of a test case, and its text. */
interface TestCase {
  readonly name: string;
  readonly result?: { readonly element: 'failure' | 'error' | 'skipped'; readonly message: string; readonly text?: string };
}

/**
 * A report as JUnit XML: one suite a plan, with a case for all trials that passed together and one for each that is shown. Unconfirmed
 * trials are skipped ones, a failed control and flaky trials are errors.
 */
export function junitReport(report: ProbeReport): string {
  const suites = [
    suite(report, 'control', [controlCase(report)]),
    ...report.plans.filter(hasTrials).map((plan) => suite(report, plan.plan, planCases(report, plan))),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="segmentation of ${escapeMarkup(report.target)}">`,
    ...suites,
    ...notTriedXml(report),
    '</testsuites>',
    '',
  ].join('\n');
}

function notTriedXml(report: ProbeReport): readonly string[] {
  const text = notTriedLine(report);
  return text === undefined ? [] : [suite(report, 'not tried', [{ name: text, result: { element: 'skipped', message: text } }])];
}

function suite(report: ProbeReport, name: string, cases: readonly TestCase[]): string {
  const having = (element: string) => cases.filter(({ result }) => result?.element === element).length;
  const counts = `tests="${cases.length}" failures="${having('failure')}" errors="${having('error')}" skipped="${having('skipped')}"`;
  const classname = escapeMarkup(report.exchange.name ?? report.target);
  const lines = cases.map((each) => caseXml(each, classname));
  return [`  <testsuite name="${escapeMarkup(name)}" ${counts}>`, ...lines, '  </testsuite>'].join('\n');
}

function caseXml({ name, result }: TestCase, classname: string): string {
  const open = `    <testcase classname="${classname}" name="${escapeMarkup(name)}"`;
  if (result === undefined) return `${open}/>`;
  const { element, message, text = '' } = result;
  return `${open}><${element} message="${escapeMarkup(message)}">${escapeMarkup(text)}</${element}></testcase>`;
}

function controlCase(report: ProbeReport): TestCase {
  const name = `the exchange unsplit, ${count(report.control.runs, 'run')}`;
  return report.control.kind === 'ok' ? { name } : { name, result: { element: 'error', message: headlineOf(report) } };
}

function planCases(
  { cases, omittedCases, diagnosis }: ProbeReport,
  { plan, pass, unconfirmed, fail, flaky }: PlanTally,
): readonly TestCase[] {
  const shown = cases.filter(({ trial }) => trial.plan === plan);
  const hidden = omittedCases === 0 ? 0 : fail + flaky - shown.length;
  const cause = diagnosis === undefined ? '' : `likely bug: ${diagnosis.bug} (${diagnosis.confidence})\n${diagnosis.sentence}\n`;
  return [
    ...(pass > 0 ? [{ name: `${count(pass, 'trial')} went well` }] : []),
    ...(unconfirmed > 0 ? [unconfirmedCase(unconfirmed)] : []),
    ...shown.map((each) => failedCase(each, cause)),
    ...(hidden > 0 ? [hiddenCase(hidden)] : []),
  ];
}

function unconfirmedCase(unconfirmed: number): TestCase {
  const message = 'the answers are right, but the peer may have read the pieces in one go';
  return { name: `${count(unconfirmed, 'trial')} unconfirmed`, result: { element: 'skipped', message } };
}

function hiddenCase(hidden: number): TestCase {
  const message = `${count(hidden, 'more trial')} failed or were flaky`;
  return { name: 'the others', result: { element: 'failure', message } };
}

function failedCase({ trial, kind, verdict, detail, where, dump, replay }: CaseReport, cause: string): TestCase {
  const text = [...where, dump, ...(replay === undefined ? [] : [replay])].join('\n');
  const message = `${verdict?.failure ?? kind}: ${detail}`;
  return {
    name: trial.id,
    result: { element: kind === 'fail' ? 'failure' : 'error', message, text: `${kind === 'fail' ? cause : ''}${text}` },
  };
}
