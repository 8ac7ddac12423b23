import {
  datagramHeadline,
  datagramHtml,
  datagramJunit,
  datagramText,
  headlineOf,
  htmlReport,
  junitReport,
  textReport,
  writeReport,
} from '@socklab/probe';
import type { DatagramReport, Outcome, ProbeReport } from '@socklab/probe';

/** A report in the forms that the commands print and write. */
export interface ReportForms {
  readonly outcome: Outcome;
  /** The outcome in one sentence. */
  readonly headline: string;
  readonly text: () => string;
  readonly json: () => string;
  readonly html: () => string;
  readonly junit: () => string;
}

/** The forms of a report over TCP, or over UDP. */
export function formsOf(report: ProbeReport | DatagramReport): ReportForms {
  return 'transport' in report ? ofDatagrams(report) : ofProbe(report);
}

function ofProbe(report: ProbeReport): ReportForms {
  return {
    outcome: report.outcome,
    headline: headlineOf(report),
    text: () => textReport(report),
    json: () => writeReport(report),
    html: () => htmlReport(report),
    junit: () => junitReport(report),
  };
}

function ofDatagrams(report: DatagramReport): ReportForms {
  return {
    outcome: report.outcome,
    headline: datagramHeadline(report),
    text: () => datagramText(report),
    json: () => `${JSON.stringify(report, undefined, 2)}\n`,
    html: () => datagramHtml(report),
    junit: () => datagramJunit(report),
  };
}
