// node measure.mjs DTH BENCH_S3_SERVER [--quick] [--only PART]: what the console costs while a hub is busy. Prints one line a figure.
//   script: the longest stretch of JavaScript on the page's main thread between two events, and how long 99 of 100 of them take.
//   memory: the page's heap after a collection, each minute.   hub: CPU of a hub without a worker while ten consoles watch a run.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { launch, Watched } from '../../tests/console/browser.mjs';
import { Hub } from '../../tests/console/hub.mjs';
import { longest } from './trace.mjs';

const [program, server, ...flags] = process.argv.slice(2);
if (!server) throw new Error('usage: node measure.mjs DTH BENCH_S3_SERVER [--quick]');
const quick = flags.includes('--quick');
const only = flags.includes('--only') ? flags[flags.indexOf('--only') + 1] : '';
const size = quick ? { objects: 20_000, tasks: 1_000, failures: 50_000, minutes: 2 } : { objects: 100_000, tasks: 10_000, failures: 1_000_000, minutes: 10 };
const person = { email: 'bench@example.org', password: 'seven quiet barges drift' };
const seconds = (n) => new Promise((resolve) => { setTimeout(resolve, n * 1000); });
const say = (what, value, goal = '') => console.log(`${what.padEnd(58)} ${value.padEnd(34)} ${goal}`);
const started = [];

/** An S3 server in memory, on a port of its own choice of ours. */
async function bench(port, ...parameters) {
  const process_ = spawn(server, ['--port', String(port), '--etag', 'crc', ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(process_);
  for await (const line of createInterface({ input: process_.stdout })) if (line.startsWith('serving')) break;
  return `http://127.0.0.1:${port}`;
}

class Busy {
  constructor(hub) { this.hub = hub; }

  async signIn() {
    const made = this.hub.admin('create-user', ['--create', '--email', person.email, '--role', 'admin'], `${person.password}\n`);
    if (made.status !== 0) throw new Error(made.stderr);
  }
  async begin() {
    const answer = await fetch(`${this.hub.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'mutation($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }', variables: { input: person } }) });
    this.cookies = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  }
  async ask(query, variables = {}) {
    const answer = await fetch(`${this.hub.url}/graphql`, { method: 'POST', body: JSON.stringify({ query, variables }),
      headers: { 'content-type': 'application/json', cookie: this.cookies.join('; '), origin: this.hub.url, 'x-dth-request': 'bench' } });
    const told = await answer.json();
    if (told.errors) throw new Error(JSON.stringify(told.errors));
    return told.data;
  }
  async endpoint(name, url, vendor) {
    const credential = await this.ask('mutation($input: CreateCredentialInput!) { createCredential(input: $input) { credential { id } } }',
      { input: { name, kind: 'aws_access_key', secrets: [{ name: 'access_key_id', value: 'TESTACCESSKEY' }, { name: 'secret_access_key', value: 'testsecretkey' }].map((each) => ({ ...each, name: each.name.replaceAll('_', '-') })) } });
    const options = Object.entries({ 'endpoint-url': url, region: 'us-east-1', addressing: 'path', ...(vendor && { vendor }) }).map(([key, value]) => ({ name: key, value }));
    const made = await this.ask('mutation($endpoint: EndpointInput!) { createEndpoint(input: {endpoint: $endpoint}) { endpoint { id } } }',
      { endpoint: { name, kind: 's3', vendor: 's3', credentialId: credential.createCredential.credential.id, options } });
    return made.createEndpoint.endpoint.id;
  }
  async task(task, start) {
    const made = await this.ask('mutation($task: TaskInput!, $start: Boolean!) { createTask(input: {task: $task, start: $start}) { task { id } userErrors { message } } }', { task, start });
    if (made.createTask.userErrors.length > 0) throw new Error(JSON.stringify(made.createTask.userErrors));
    return made.createTask.task.id;
  }
  async state(id) { return (await this.ask('query($id: ID!) { task(id: $id) { activity lastRun { id state } currentRun { id counts { copied failed } } } }', { id })).task; }
  async idle(id) {
    for (;;) {
      const { activity, lastRun } = await this.state(id);
      if (activity === 'IDLE' && lastRun) return lastRun;
      await seconds(0.5);
    }
  }
  async open(browser, path) {
    const page = await Watched.open(browser, this.hub.url, {});
    await page.context.addCookies(this.cookies.map((pair) => ({ name: pair.split('=')[0], value: pair.slice(pair.indexOf('=') + 1), url: this.hub.url })));
    await page.goto(path);
    await page.page.locator('h1').first().waitFor({ timeout: 60_000 });
    await page.page.waitForLoadState('networkidle').catch(() => undefined);
    return page;
  }
}

/** Records the page while `during` lasts; the stretches of script in milliseconds. */
async function traced(browser, watched, during) {
  await browser.startTracing(watched.page, { categories: ['devtools.timeline', 'v8.execute', 'toplevel', '__metadata'] });
  await during();
  return longest(JSON.parse((await browser.stopTracing()).toString()).traceEvents);
}
function sayScript(what, { most, p99, count, total, span }) {
  say(what, `longest ${most.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`, `<= 50 ms   (${count} stretches, ${(total / span * 100).toFixed(1)} % of ${(span / 1000).toFixed(0)} s)`);
}

async function heap(watched) {
  await watched.devtools.send('HeapProfiler.enable');
  await watched.devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await watched.devtools.send('Performance.getMetrics');
  const of = (name) => metrics.find((each) => each.name === name).value;
  return { mib: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes'), listeners: of('JSEventListeners') };
}
const cpuTicks = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').slice(11, 13).reduce((sum, n) => sum + Number(n), 0);
const ticksPerSecond = 100;

async function fastRun(busy, browser, place) {
  const id = await busy.task(place('fast-run', 'fast/'), false);
  // A first run of a few objects: what the page loads once is loaded.
  await busy.ask('mutation($ids: [ID!]!, $options: [TaskOptionInput!]) { runTasks(input: {ids: $ids, options: $options}) { results { id } } }', { ids: [id], options: [{ name: 'size-min', value: '1GiB' }] });
  await busy.idle(id);
  const watched = await busy.open(browser, `/tasks/${id}`);
  await watched.page.getByText('Objects per second').first().waitFor({ timeout: 60_000 });
  await seconds(2);
  sayScript(`a run of ${size.objects.toLocaleString('en')} objects, its page`, await traced(browser, watched, async () => {
    await busy.ask('mutation($ids: [ID!]!) { runTasks(input: {ids: $ids}) { results { id } } }', { ids: [id] });
    await seconds(1);
    await busy.idle(id);
  }));
  await watched.close();
}
async function manyTasks(busy, browser, place) {
  const ids = [];
  const groupSize = 25;
  for (let i = 0; i < size.tasks; i += groupSize) ids.push(...await Promise.all(Array.from({ length: groupSize }, (_, j) => busy.task(place(`task-${String(i + j).padStart(5, '0')}`, 'few/'), false))));
  const watched = await busy.open(browser, '/tasks');
  const trace = await traced(browser, watched, async () => {
    for (let i = 0; i < (quick ? 10 : 40); i++) {
      await busy.ask('mutation($ids: [ID!]!) { runTasks(input: {ids: $ids}) { results { id } } }', { ids: ids.slice(0, 10) });
      await busy.ask(`mutation($ids: [ID!]!) { ${i % 2 ? 'resumeTasks' : 'pauseTasks'}(input: {ids: $ids}) { results { id } } }`, { ids: ids.slice(10, 40) });
      await seconds(0.5);
    }
  });
  sayScript(`${size.tasks.toLocaleString('en')} tasks in the list, 40 of the 50 shown change`, trace);
  await watched.close();
}
async function manyFailures(busy, browser, place) {
  // Nothing is at the destination: of a verification each object is a failure.
  const id = await busy.task({ ...place('many-failures', 'lost/'), action: 'VERIFY', options: [{ name: 'method', value: 'listing' }] }, false);
  const watched = await busy.open(browser, `/tasks/${id}?tab=failures`);
  let run;
  const trace = await traced(browser, watched, async () => {
    await busy.ask('mutation($ids: [ID!]!) { runTasks(input: {ids: $ids}) { results { id } } }', { ids: [id] });
    run = await busy.idle(id);
  });
  sayScript(`a run of ${size.failures.toLocaleString('en')} failures, those on screen`, trace);
  const counts = (await busy.ask('query($id: ID!) { run(id: $id) { state counts { failed } } }', { id: run.id })).run;
  say('  it ended', `${counts.state}, ${Number(counts.counts.failed).toLocaleString('en')} failed`);
  const after = await traced(browser, watched, async () => {
    await watched.goto(`/runs/${run.id}?tab=failures`);
    await watched.page.getByText('Failures by cause').waitFor({ timeout: 60_000 });
    await watched.page.getByRole('button', { name: 'Next page' }).click({ timeout: 60_000 });
    await seconds(5);
  });
  sayScript('  opening its page, and the next page of failures', after);
  await watched.close();
}
async function memory(busy, browser, place) {
  const id = await busy.task({ ...place('slow-run', 'slow/'), options: [{ name: 'concurrency', value: '16' }] }, true);
  const watched = await busy.open(browser, `/tasks/${id}`);
  await watched.devtools.send('Performance.enable');
  const samples = [];
  for (let minute = 0; minute <= size.minutes; minute++) {
    if (minute > 0) await seconds(60);
    samples.push(await heap(watched));
  }
  const [first, last] = [samples[1], samples.at(-1)];
  say(`heap of the page of a run, minute 1 to ${size.minutes}`, `${samples.slice(1).map(({ mib }) => mib.toFixed(1)).join(' ')} MiB`, `steady   (nodes ${first.nodes} to ${last.nodes}, listeners ${first.listeners} to ${last.listeners})`);
  await watched.close();
  const run = (await busy.state(id)).currentRun;
  if (run) await busy.ask('mutation($id: ID!) { cancelRun(input: {id: $id}) { run { id } } }', { id: run.id });
}
/** A hub that only answers, and a worker that copies at full speed. */
async function watchers(busy, browser, place) {
  const worker = spawn(program, ['worker', '--database', `sqlite:${busy.hub.data}/state.db`, '--master-key', `${busy.hub.data}/master.key`], { env: busy.hub.environment, stdio: 'ignore' });
  started.push(worker);
  const id = await busy.task({ ...place('watched-run', 'slow/'), options: [{ name: 'concurrency', value: '64' }] }, true);
  const pages = [];
  for (let i = 0; i < 10; i++) pages.push(await busy.open(browser, i % 2 ? '/overview' : `/tasks/${id}`));
  await seconds(10);
  const before = cpuTicks(busy.hub.process.pid);
  const lasts = quick ? 15 : 60;
  await seconds(lasts);
  const share = (cpuTicks(busy.hub.process.pid) - before) / ticksPerSecond / lasts;
  say('hub without a worker, ten consoles, CPU of one core', `${(share * 100).toFixed(1)} %`, '<= 5 %');
  for (const page of pages) await page.close();
  worker.kill();
}

const hub = new Hub(program);
const busy = new Busy(hub);
const browser = await launch();
let failed = false;
try {
  const base = 41_000 + (process.pid % 1000) * 4;
  const source = await bench(base, '--synthetic', `src:fast/o-:${size.objects}:4096`, '--synthetic', 'src:few/o-:200:1024', '--synthetic', `src:lost/o-:${size.failures}:16`);
  const slow = await bench(base + 1, '--delay-ms', '100', '--synthetic', 'src:slow/o-:10000000:4096');
  const sink = await bench(base + 3, '--discard', '--discard-min', '0', '--bucket', 'dst');
  await busy.signIn();
  await hub.start();
  await busy.begin();
  const aws = 'aws-directory';
  const endpoints = { fast: await busy.endpoint('fast', source, aws), slow: await busy.endpoint('slow', slow, aws), sink: await busy.endpoint('sink', sink, aws) };
  const placed = (from, to) => (name, prefix) => ({ name, action: 'COPY', source: { endpointId: endpoints[from], path: `src/${prefix}` }, destination: { endpointId: endpoints[to], path: `dst/${name}/` } });
  const parts = { run: [fastRun, 'fast'], failures: [manyFailures, 'fast'], memory: [memory, 'slow'], tasks: [manyTasks, 'fast'] };
  for (const [name, [part, from]] of Object.entries(parts)) if (!only || only === name) await part(busy, browser, placed(from, 'sink'));
  if (!only || only === 'hub') {
    await hub.stop();
    await hub.start('--no-worker');
    await busy.begin();
    await watchers(busy, browser, placed('slow', 'sink'));
  }
} catch (error) {
  failed = true;
  console.error(error);
} finally {
  await browser.close();
  await hub.stop();
  for (const each of started) each.kill();
  hub.remove();
}
process.exit(failed ? 1 : 0);
