// The agent under test: its configuration (the shipped one, with this machine allowed as a target), its process, its store.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

export const proxyPort = 3128;

// The origins are on this machine.
const network = 'network: {connect_ports: [443], plain_connect_ports: [], local_targets: allow, judge_addresses: false}\n';

export function writeConfig(shipped, folder) {
  cpSync(shipped, folder, { recursive: true });
  const path = join(folder, 'policy.yaml');
  const policy = readFileSync(path, 'utf8').replace(/^network:.*\n([ \t]+.*\n)*/m, network);
  if (!policy.includes(network)) throw new Error('policy.yaml has no network section');
  writeFileSync(path, policy);
}

// As if it were always a lesson: what a schedule blocks at times is blocked.
export function forgetSchedules(folder) {
  const path = join(folder, 'policy.yaml');
  const policy = readFileSync(path, 'utf8');
  const changed = policy.replaceAll('{allow_during: rest-periods, otherwise: block}', 'block');
  if (changed === policy) throw new Error('policy.yaml has no schedule in an action');
  writeFileSync(path, changed);
}

// The sentence that the category's file gives for the learner.
export function saysOf(folder, risk, category) {
  const text = readFileSync(join(folder, risk, `${category}.yaml`), 'utf8');
  return /^says: *"?(.*?)"?$/m.exec(text)[1];
}

// The status of the answer to an allowed address, or 0. Until the rules are loaded everything is refused.
function statusThroughProxy() {
  return new Promise((resolve) => {
    request({ host: '127.0.0.1', port: proxyPort, path: 'http://www.allowed.example/data.json', headers: { Host: 'www.allowed.example' } },
      (answer) => { answer.resume(); resolve(answer.statusCode); }).on('error', () => resolve(0)).end();
  });
}

export class Agent {
  constructor(program, config, state) {
    Object.assign(this, { program, config, state, console: '127.0.0.1:3129', log: '' });
  }

  // ready   asked until it says 200
  async start(ready = statusThroughProxy) {
    this.process = spawn(this.program, ['agent', '--config', this.config, '--state', this.state, '--listen', `127.0.0.1:${proxyPort}`,
      '--console', this.console], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.process.stderr.on('data', (bytes) => { this.log += bytes; });
    for (let tries = 0; tries < 2000; ++tries) {
      if (this.process.exitCode !== null || this.process.signalCode !== null) break;
      if (await ready() === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the agent is not ready: ${this.log}`);
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }

  command(...words) {
    const done = spawnSync(this.program, [...words, '--state', this.state], { encoding: 'utf8' });
    return { code: done.status, out: done.stdout, error: done.stderr };
  }

  // All events, oldest first.
  events() {
    const { code, out, error } = this.command('events', 'export', '--format', 'jsonl');
    if (code !== 0) throw new Error(`events export ended with ${code}: ${error}`);
    return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  event(id) {
    const { code, out, error } = this.command('events', 'show', id, '--json');
    if (code !== 0) throw new Error(`events show ended with ${code}: ${error}`);
    return JSON.parse(out);
  }

  // Files under the state folder, and the log, in which the text can be read.
  traces(text) {
    const found = this.log.includes(text) ? ['the log'] : [];
    for (const name of readdirSync(this.state, { recursive: true })) {
      const path = join(this.state, name);
      if (statSync(path).isFile() && readFileSync(path).includes(text)) found.push(name);
    }
    return found;
  }
}
