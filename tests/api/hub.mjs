// A hub of a test's own, and what all tests need: node TEST.mjs DTH
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const binary = process.argv[2];
if (!binary) {
  console.error(`usage: node ${process.argv[1]} DTH`);
  process.exit(2);
}

export class Hub {
  static async start(...options) {
    const hub = new Hub();
    hub.directory = mkdtempSync(join(tmpdir(), 'dth-api.'));
    hub.state = join(hub.directory, 'data', 'state.db');
    const environment = { ...process.env, HOME: hub.directory };
    const made = spawnSync(binary, ['admin', 'token', 'create', '--create', '--data-dir', join(hub.directory, 'data'), '--role', 'admin', '--name', 'tests'],
      { env: environment, encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    hub.token = made.stdout.trim();
    hub.child = spawn(binary, ['serve', '--data-dir', join(hub.directory, 'data'), '--listen', '127.0.0.1:0', '--log-level', 'warning', ...options],
      { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    hub.ended = new Promise((resolve) => hub.child.on('exit', (code, signal) => resolve(code ?? signal)));
    for await (const line of createInterface({ input: hub.child.stdout })) {
      const found = line.match(/^listening on (http:\S+)$/);
      if (!found) continue;
      hub.url = found[1];
      return hub;
    }
    throw new Error('the hub did not start');
  }

  // Every request of the API has to say who sends it.
  get authorization() { return { authorization: `Bearer ${this.token}` }; }

  get graphql() { return `${this.url}/graphql`; }

  async ask(query, variables) {
    const response = await fetch(this.graphql, {
      method: 'POST', headers: { 'content-type': 'application/json', ...this.authorization }, body: JSON.stringify({ query, variables }),
    });
    const body = await response.json();
    assert.equal(body.errors, undefined, JSON.stringify(body));
    return body.data;
  }

  // A run that copied so many files from one directory to another. Returns its id.
  async copy(files) {
    const from = mkdtempSync(join(this.directory, 'from.'));
    for (let i = 0; i < files; ++i) writeFileSync(join(from, `file-${i}`), `content ${i}`);
    mkdirSync(join(this.directory, 'to'), { recursive: true });
    const outcome = spawnSync(binary, ['copy', `${from}/`, `${mkdtempSync(join(this.directory, 'to', 'x.'))}/`, '--database', `sqlite:${this.state}`, '--output', 'json', '--restart'],
      { env: { ...process.env, HOME: this.directory }, encoding: 'utf8' });
    assert.ok([0, 5].includes(outcome.status), outcome.stderr);
    return JSON.parse(outcome.stdout).run;
  }

  async stop() {
    this.child.kill('SIGTERM');
    assert.equal(await this.ended, 0, 'the hub ended in good order');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

// Runs each, tells which fails, and ends the process accordingly.
export async function run(tests, ...options) {
  let failed = 0;
  const hub = await Hub.start(...options);
  for (const [name, test] of Object.entries(tests)) {
    try {
      await test(hub);
    } catch (error) {
      ++failed;
      console.error(`FAILED: ${name}\n${error.stack}`);
    }
  }
  await hub.stop();
  console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
