// A day on a laptop: attempts that the filter stops, what pages fetch by themselves, and a learner's word.
import { request } from 'node:http';
import { proxyPort } from '../browsers/agent.mjs';

export const consolePort = 3129;

export const visit = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Site': 'none', 'Sec-Fetch-User': '?1',
  Accept: 'text/html' };
const fetched = { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image', 'Sec-Fetch-Site': 'cross-site', Accept: 'image/*' };

// The status of an answer, or 0.
function ask(options, body = '') {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', ...options }, (answer) => { answer.resume(); resolve(answer.statusCode); });
    asked.on('error', () => resolve(0)).end(body);
  });
}

export const throughProxy = (host, headers) =>
  ask({ port: proxyPort, path: `http://${host}/`, headers: { Host: host, ...headers } });

export const statusOf = (port, path) => ask({ port, path, headers: { Host: `127.0.0.1:${port}` } });
export const ofConsole = (path) => statusOf(consolePort, path);

export async function aDay(agent, hosts, check) {
  for (const host of hosts) {
    for (const headers of [visit, fetched, fetched]) {
      const status = await throughProxy(host, headers);
      check(`${host} is stopped`, status !== 403 && `it answered ${status}`);
    }
  }
  await anAppeal(agent, hosts[0], check);
}

// Somebody goes to a site that is stopped, and says that this is wrong.
export async function anAppeal(agent, host, check) {
  await throughProxy(host, visit);
  const entry = agent.events().filter((event) => event.navigation === 'yes' && event.host === host).at(-1);
  const form = new URLSearchParams({ id: entry.id, kind: 'wrong', words: 'I need it for my course <b>& job</b>' }).toString();
  const status = await ask({ port: consolePort, path: '/report', method: 'POST', headers: { Host: `127.0.0.1:${consolePort}`,
    'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': Buffer.byteLength(form) } }, form);
  check('the learner can answer', status !== 200 && `it answered ${status}`);
}
