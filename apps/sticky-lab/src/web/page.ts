import { html } from 'hono/html';
import type { LabReport } from '../lab/run-all.ts';
import type { RunReport } from '../lab/runner.ts';

/** Markup as hono's `html` makes it: every value in it is escaped. */
type Markup = ReturnType<typeof html>;

/** The page: the results of a run, as one table. Works without scripts. */
export function renderPage(report: LabReport): Markup {
  const { machine, startedAt, experiments } = report;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>sticky-lab: message boundaries on sockets</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>
          <h1>sticky-lab</h1>
          <p>
            TCP carries bytes, not messages: a program that reads a socket gets two sends glued together, or half of one. This is what real
            sockets of this machine did.
          </p>
          <div class="scroll">
            <table>
              <caption>
                Run of ${startedAt} on Node.js ${machine.node}, ${machine.platform}: ${summary(report)}
              </caption>
              <thead>
                <tr>
                  <th scope="col">Lesson</th>
                  <th scope="col">Question, and what the sockets did</th>
                  <th scope="col">Answer</th>
                </tr>
              </thead>
              <tbody>
                ${experiments.map(renderRun)}
              </tbody>
            </table>
          </div>
          <p>The same as JSON: <a href="/api/experiments">/api/experiments</a>. On the command line: <code>sticky-lab demo</code></p>
        </main>
      </body>
    </html> `;
}

function renderRun(run: RunReport): Markup {
  return html`<tr id="${run.id}">
    <th scope="row">${run.lesson}</th>
    <td>
      <p><strong>${run.title}.</strong> ${run.question}</p>
      <p class="id"><a href="/api/experiments/${run.id}">${run.id}</a></p>
      <dl>
        ${run.rows.map(
          ({ label, value }) =>
            html`<dt>${label}</dt>
              <dd>${value}</dd> `,
        )}
      </dl>
    </td>
    <td class="${run.outcome}">${describeOutcome(run)}</td>
  </tr> `;
}

function describeOutcome({ outcome, answer, expected, error }: RunReport): string {
  if (outcome === 'failed') return `failed: ${error}`;
  return outcome === 'expected' ? `${answer}` : `${answer}, but should be ${expected}`;
}

function summary({ isAsExpected, experiments }: LabReport): string {
  if (isAsExpected) return `all ${experiments.length} answers as expected`;
  const wrong = experiments.filter(({ outcome }) => outcome !== 'expected').length;
  return `${wrong} of ${experiments.length} NOT as expected`;
}
