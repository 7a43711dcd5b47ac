// A hub of its own for a test: a data directory, the process, and commands against its state.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const startMilliseconds = 90_000;

export class Hub {
  constructor(program) {
    this.program = program;
    this.directory = mkdtempSync(join(tmpdir(), 'dth-console-test.'));
    this.data = join(this.directory, 'data');
    this.environment = { ...process.env, HOME: this.directory, XDG_CONFIG_HOME: join(this.directory, 'config') };
  }

  /** Starts it, on the port that it had before if it had one. */
  async start(...flags) {
    const place = this.port ? `127.0.0.1:${this.port}` : '127.0.0.1:0';
    this.process = spawn(this.program, ['serve', '--data-dir', this.data, '--listen', place, ...flags], { env: this.environment });
    this.log = '';
    this.process.stderr.on('data', (bytes) => { this.log += bytes; });
    this.output = '';
    const url = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the hub did not start in time:\n${this.log}`)), startMilliseconds);
      this.process.on('exit', (code) => reject(new Error(`the hub ended with ${code}:\n${this.log}`)));
      this.process.stdout.on('data', (bytes) => {
        this.output += bytes;
        const found = /listening on (http:\/\/\S+)/.exec(this.output);
        if (found) { clearTimeout(timer); resolve(found[1]); }
      });
    });
    this.url = url;
    this.port = Number(new URL(url).port);
    return this;
  }

  /** Of the link that the hub prints while it has no administrator. */
  async setupToken() {
    for (const began = Date.now(); Date.now() - began < startMilliseconds;) {
      const found = /#token=(\w+)/.exec(this.output);
      if (found) return found[1];
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    throw new Error(`the hub printed no setup link:\n${this.output}`);
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.on('exit', resolve));
    this.process.removeAllListeners('exit');
    this.process.on('exit', () => undefined);
    const done = new Promise((resolve) => this.process.once('close', resolve));
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), 30_000);
    await Promise.race([ended, done]);
    clearTimeout(timer);
  }

  remove() { rmSync(this.directory, { recursive: true, force: true }); }

  /** A command of the hub's own host, before or while it runs. */
  admin(command, parameters, input) {
    return spawnSync(this.program, ['admin', command, '--data-dir', this.data, ...parameters], { env: this.environment, encoding: 'utf8', input, timeout: 60_000 });
  }
  /** A dth command against the hub's state. */
  dth(...parameters) {
    return spawnSync(this.program, [...parameters, '--database', `sqlite:${join(this.data, 'state.db')}`], { env: this.environment, encoding: 'utf8', timeout: 120_000 });
  }
  dthInBackground(...parameters) {
    return spawn(this.program, [...parameters, '--database', `sqlite:${join(this.data, 'state.db')}`], { env: this.environment, stdio: 'ignore' });
  }
}
