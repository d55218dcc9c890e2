// The console for other machines: over TLS alone, with a certificate of the laptop's authority, under its own names alone.
// 192.0.2.1 is an address of this machine that is not loopback.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { consolePort, ofConsole } from './seed.mjs';

const far = '192.0.2.1';

// The answer, or what went wrong.
function ask(request, options, body = '') {
  return new Promise((resolve) => {
    const asked = request({ host: far, port: consolePort, ...options }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers }));
    });
    asked.on('error', (error) => resolve({ status: 0, error: error.code, headers: {} })).end(body);
  });
}

// A connection that says nothing.
function openIdle() {
  return new Promise((resolve) => {
    const socket = connect({ host: far, port: consolePort }, () => resolve(socket));
    socket.resume().on('error', () => resolve(socket));
  });
}

export async function askFromAfar(agent, password, check) {
  mkdirSync(agent.state, { recursive: true });
  agent.console = `0.0.0.0:${consolePort}`;
  const without = spawnSync(agent.program, ['agent', '--config', agent.config, '--state', agent.state, '--console', agent.console],
    { encoding: 'utf8', timeout: 60000 });
  check('beyond loopback without an authority is refused', (without.status !== 3 || !without.stderr.includes('fairlead ca create')) && without.stderr);
  agent.command('ca', 'create', '--config', agent.config, '--device', 'lap-7');
  spawnSync(agent.program, ['user', 'add', 'a-lead', '--role', 'lead', '--state', agent.state], { input: `${password}\n` });
  const ca = readFileSync(join(agent.state, 'ca', 'root.pem'));
  try {
    await agent.start(() => ofConsole('/'));
    const good = await ask(tlsRequest, { ca, path: '/recorded' });
    check('its certificate is good for the address', good.status !== 200 && `${good.status} ${good.error}`);
    const unknown = await ask(tlsRequest, { path: '/recorded' });
    check('who does not know the authority is warned', unknown.status !== 0 && `${unknown.status}`);
    const plain = await ask(plainRequest, { path: '/recorded' });
    check('nothing is said without TLS', plain.status !== 0 && `${plain.status}`);
    for (const host of ['evil.example', `evil.example:${consolePort}`, '127.0.0.1', 'localhost']) {
      const rebound = await ask(tlsRequest, { ca, checkServerIdentity: () => undefined, path: '/recorded', headers: { Host: host } });
      check(`a page of ${host} learns nothing`, rebound.status !== 421 && `${rebound.status}`);
    }
    const form = new URLSearchParams({ name: 'a-lead', password, to: '/counts' }).toString();
    const headers = { 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Length': form.length };
    const signedIn = await ask(tlsRequest, { ca, path: '/sign-in', method: 'POST', headers }, form);
    const cookie = signedIn.headers['set-cookie']?.[0] ?? '';
    check('one can sign in', signedIn.status !== 303 && `${signedIn.status}`);
    check('the cookie travels over TLS alone', !/^__Host-fairlead=.*; Secure$/.test(cookie) && cookie);
    const seen = await ask(tlsRequest, { ca, path: '/counts', headers: { Cookie: cookie.split(';')[0] } });
    check('and see pages', seen.status !== 200 && `${seen.status}`);
    const large = 'a'.repeat(20000);
    const refused = await ask(tlsRequest, { ca, path: '/sign-in', method: 'POST', headers: { ...headers, 'Content-Length': large.length } }, large);
    check('a large body is refused', refused.status !== 413 && `${refused.status} ${refused.error}`);
    // A second later once more, when what was asked for before has ended and left its place.
    const idle = [];
    for (let round = 0; round < 2; ++round) {
      idle.push(...await Promise.all(Array.from({ length: 80 }, () => openIdle())));
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
    const open = idle.filter((socket) => !socket.destroyed).length;
    check('idle connections from afar are bounded', open > 64 && `${open} are open`);
    // A connection of its own: one that was kept open is in already.
    const near = await ask(plainRequest, { host: '127.0.0.1', path: '/recorded', agent: false });
    check('idle connections from afar keep nobody out who sits at the laptop', near.status !== 200 && `${near.status} ${near.error}`);
    idle.forEach((socket) => socket.destroy());
  } catch (error) {
    check('other machines are answered', error.stack);
  } finally {
    await agent.stop();
  }
}
