import { htmlReport, junitReport, textReport, writeReport } from '@socklab/probe';
import { Refusal } from '../../http/refusal.ts';
import { serveRoutes } from '../../http/route.ts';
import { planCampaign } from './campaign-request.ts';
import { PROBE_ROUTES } from './contract.ts';
import { cutStory } from './cut-story.ts';
import { OFFER } from './offer.ts';
import { PRACTICE_SERVERS } from './practice/practice-servers.ts';
import type { Campaign } from './campaigns.ts';
import type { ReportForm } from './contract.ts';
import type { PracticeServer } from './practice/practice-server.ts';
import type { ProbePage } from './probe-page.ts';
import type { ProbeReport } from '@socklab/probe';
import type { Context, Hono } from 'hono';

/** Runs campaigns of the probe, and practice servers. */
export function serveProbe(app: Hono, { campaigns, practice }: ProbePage): void {
  const campaignOf = ({ req }: Context): Campaign => campaigns.get(req.param('id') ?? '');
  serveRoutes(app, PROBE_ROUTES, {
    'GET /api/probe': () => OFFER,
    'POST /api/probe/campaigns': async (_, body) => ({ job: await campaigns.start(await planCampaign(body)) }),
    'POST /api/probe/campaigns/:id/resume': async ({ req }) => ({ job: await campaigns.resume(req.param('id') ?? '') }),
    'GET /api/probe/campaigns/:id/cuts/:cut': (context) => cutStory(campaignOf(context), Number(context.req.param('cut'))),
    'GET /api/probe/campaigns/:id/report': (context) => {
      const { report } = campaignOf(context);
      if (report === undefined) throw new Refusal(409, { en: 'the campaign has no report yet', zh: '这次测试还没有报告' });
      const { write, type, name } = formOf(context.req.query('as') ?? 'json');
      // Reports have inline styles, which the policy of this page does not allow: they are downloads.
      context.header('content-disposition', `attachment; filename="${name}"`);
      return context.body(write(report), 200, { 'content-type': `${type}; charset=utf-8` });
    },
    'POST /api/probe/practice': async (_, { name }) => ({ target: await practice.start(practiceServer(name)) }),
  });
}

interface Form {
  readonly write: (report: ProbeReport) => string;
  readonly type: string;
  readonly name: string;
}

const FORMS: Readonly<Record<ReportForm, Form>> = {
  json: { write: writeReport, type: 'application/json', name: 'probe.json' },
  html: { write: htmlReport, type: 'text/html', name: 'probe.html' },
  junit: { write: junitReport, type: 'application/xml', name: 'probe.junit.xml' },
  text: { write: textReport, type: 'text/plain', name: 'probe.txt' },
};

function formOf(as: string): Form {
  const found = Object.entries(FORMS).find(([name]) => name === as);
  if (found !== undefined) return found[1];
  const allowed = Object.keys(FORMS).join(', ');
  throw new Refusal(422, { en: `as=${as.slice(0, 20)}; allowed: ${allowed}`, zh: `as=${as.slice(0, 20)}：可用的有 ${allowed}` }, 'as');
}

function practiceServer(name: string): PracticeServer {
  const found = PRACTICE_SERVERS.find((each) => each.name === name);
  if (found !== undefined) return found;
  const seen = JSON.stringify(name.slice(0, 60));
  throw new Refusal(404, { en: `unknown practice server ${seen}`, zh: `没有名为 ${seen} 的练习服务器` }, 'name');
}
