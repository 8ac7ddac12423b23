// Whether the Prometheus of compose.monitoring.yaml scrapes every service and has their alerts, and Grafana their dashboards.
import { setTimeout as delay } from 'node:timers/promises';

const LIMIT_MS = 60_000;
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
process.stdout.write('monitoring: 3 targets up, their alerts and dashboards there\n');

async function whatIsMissing() {
  const targets = (await get('http://127.0.0.1:9091/api/v1/targets')).data.activeTargets;
  const down = targets.filter(({ health }) => health !== 'up').map(({ scrapeUrl, lastError }) => `${scrapeUrl} is not up: ${lastError}`);
  const { groups } = (await get('http://127.0.0.1:9091/api/v1/rules')).data;
  const boards = await get('http://127.0.0.1:3000/api/search?type=dash-db');
  const counts = { targets: targets.length, groups: groups.length, dashboards: boards.length };
  return [...down, ...Object.entries(counts).flatMap(([what, count]) => (count === 3 ? [] : [`${count} of 3 ${what}`]))];
}
