// Whether the Prometheus of compose.monitoring.yaml scrapes every service and has their alerts, and Grafana their dashboards:
//   node .ci/monitoring.mjs [--without-grafana]
import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 60_000;
const hasGrafana = !process.argv.includes('--without-grafana');
const get = async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response.json();
};
const deadline = Date.now() + LIMIT_MS;
for (;;) {
  const missing = await whatIsMissing();
  if (missing.length === 0) break;
  if (Date.now() > deadline) throw new Error(`after ${LIMIT_MS} ms: ${missing.join('; ')}`);
  await delay(1000);
}
process.stdout.write(`monitoring: 3 targets up, their alerts${hasGrafana ? ' and dashboards' : ''} there\n`);

async function whatIsMissing() {
  const targets = (await get('http://127.0.0.1:9091/api/v1/targets')).data.activeTargets;
  const down = targets.filter(({ health }) => health !== 'up').map(({ scrapeUrl, lastError }) => `${scrapeUrl} is not up: ${lastError}`);
  const { groups } = (await get('http://127.0.0.1:9091/api/v1/rules')).data;
  const boards = hasGrafana ? { dashboards: (await get('http://127.0.0.1:3000/api/search?type=dash-db')).length } : {};
  const counts = { targets: targets.length, groups: groups.length, ...boards };
  return [...down, ...Object.entries(counts).flatMap(([what, count]) => (count === 3 ? [] : [`${count} of 3 ${what}`]))];
}
