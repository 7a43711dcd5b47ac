// node walk.mjs DTH [ONLY]: a browser walks through the console of a real hub. Exit code 77: Chromium is missing.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launch, Watched } from './browser.mjs';
import { Hub } from './hub.mjs';
import { steps as first } from './first_steps.mjs';

const [program, only] = process.argv.slice(2);
if (!program) throw new Error('usage: node walk.mjs DTH [ONLY]');
const firstViewKibMax = 500;
const liveObjects = 6000;
const wait = { timeout: 20_000 };

const browser = await launch();
const hub = new Hub(program);
mkdirSync(hub.directory, { recursive: true });
const state = { hub };

/** Files to copy, and a destination where two of them cannot be written. */
function makeFiles() {
  const source = join(hub.directory, 'source', 'docs');
  mkdirSync(source, { recursive: true });
  for (let i = 0; i < liveObjects; i++) writeFileSync(join(source, `report-${i}.txt`), `report ${i}\n`.repeat(1 + (i % 40)));
  for (const i of [7, 9]) mkdirSync(join(hub.directory, 'destination', 'docs', `report-${i}.txt`, 'in-the-way'), { recursive: true });
  state.source = `file://${join(hub.directory, 'source')}/`;
  state.destination = `file://${join(hub.directory, 'destination')}/`;
}

const text = (watched, words) => watched.page.getByText(words, { exact: false }).first();

const walk = {
  ...first,

  async 'an empty hub says how to begin'({ desk }) {
    await desk.goto('/');
    await text(desk, 'Copy your first bucket').waitFor(wait);
    assert.match(desk.page.url(), /\/overview$/);
    assert.equal(await desk.page.title(), 'Overview · Data Transfer Hub');
  },

  async 'a run of the command line is announced, and seen live to its end'({ desk }) {
    makeFiles();
    await desk.goto('/runs');
    await text(desk, 'No runs yet').waitFor(wait);
    const copy = hub.dthInBackground('copy', state.source, state.destination, '--lanes', '1', '--concurrency', '1');
    const ended = new Promise((resolve) => copy.on('exit', resolve));
    await text(desk, '1 new run · Show').waitFor(wait);
    copy.kill('SIGSTOP'); // so that it does not end before it was looked at
    await text(desk, '1 new run · Show').click(wait);
    await desk.page.getByRole('link', { name: /^run_/ }).click(wait);
    await text(desk, 'Found so far').waitFor(wait);
    await desk.page.locator('.dth-phases li.now').first().waitFor(wait);
    state.run = /\/runs\/(run_\w+)/.exec(desk.page.url())[1];
    copy.kill('SIGCONT');
    assert.equal(await ended, 5);
    await text(desk, 'Completed with failures').waitFor(wait);
    await desk.page.getByText(`2 of ${liveObjects.toLocaleString('en')} objects could not be copied`).waitFor(wait);
  },

  async 'what failed is shown, and a link to it opens it'({ desk }) {
    await desk.goto(`/runs/${state.run}`);
    await desk.page.getByRole('tab', { name: /Failures/ }).click(wait);
    await desk.page.getByText('Failures by cause').waitFor(wait);
    await desk.page.getByRole('button', { name: /^Show objects: / }).click(wait);
    await desk.page.getByRole('link', { name: 'docs/report-7.txt' }).click(wait);
    await text(desk, 'Failed object').waitFor(wait);
    const link = desk.page.url();
    assert.match(link, /item=docs/);
    await desk.page.goto(link);
    await text(desk, 'Failed object').waitFor(wait);
    await desk.page.getByText('is a directory').first().waitFor(wait);
  },

  async 'what failed is retried by a new run, once its cause is gone'({ desk }) {
    const retry = async () => {
      await desk.page.getByRole('button', { name: 'Retry 2 failed' }).click(wait);
      await text(desk, 'Retry 2 objects').waitFor(wait);
      await desk.page.getByRole('button', { name: 'Retry', exact: true }).click(wait);
    };
    // A run of the command line has credentials and files of its own: the hub says what to do instead.
    await desk.goto(`/runs/${state.run}`);
    await retry();
    await text(desk, `dth run retry ${state.run}`).waitFor(wait);
    const detached = hub.dth('copy', state.source, state.destination, '--detach');
    assert.equal(detached.status, 0, detached.stderr);
    await desk.goto(`/runs/${detached.stdout.trim()}`);
    await text(desk, 'Completed with failures').waitFor(wait);
    for (const i of [7, 9]) rmSync(join(hub.directory, 'destination', 'docs', `report-${i}.txt`), { recursive: true });
    await retry();
    await text(desk, 'Retry of').waitFor(wait);
    await text(desk, 'Succeeded').waitFor(wait);
    assert.equal(readFileSync(join(hub.directory, 'destination', 'docs', 'report-7.txt'), 'utf8'), 'report 7\n'.repeat(8));
  },

  async 'runs are found by state, and the address says so'({ desk }) {
    await desk.goto('/runs?view=attention');
    await desk.page.getByRole('link', { name: /^run_/ }).first().waitFor(wait);
    assert.equal(await desk.page.getByRole('link', { name: /^run_/ }).count(), 2);
    await desk.goto('/runs?filter=state%3DFAILED');
    await text(desk, 'Nothing matches').waitFor(wait);
    await desk.page.getByRole('button', { name: 'Clear filter' }).last().click(wait);
    await desk.page.waitForURL(/\/runs$/, wait);
  },

  async 'workers are listed, or how to start one'({ desk }) {
    await desk.goto('/workers');
    await desk.page.getByText(/part of this hub|No workers|worker_\w+/).first().waitFor(wait);
  },

  async 'the summary says how copies were verified'({ desk }) {
    await desk.goto(`/runs/${state.run}?tab=summary`);
    await text(desk, 'By a checksum computed in transit').waitFor(wait);
    await desk.page.getByText((liveObjects - 2).toLocaleString('en')).first().waitFor(wait);
    await text(desk, 'Not verified').waitFor(wait);
  },

  async 'what is not there says so'({ desk }) {
    await desk.goto('/runs/run_00000000000000000000000000');
    await text(desk, 'Run not found').waitFor(wait);
    await desk.goto('/no/such/page');
    await text(desk, 'There is nothing at this address').waitFor(wait);
  },

  async 'keys lead through the console'({ desk }) {
    await desk.goto('/overview');
    await text(desk, 'Needs attention').waitFor(wait);
    await desk.page.keyboard.press('g');
    await desk.page.keyboard.press('r');
    await desk.page.waitForURL(/\/runs$/, wait);
    await desk.page.keyboard.press('?');
    await text(desk, 'Use keyboard shortcuts').waitFor(wait);
    await desk.page.keyboard.press('Escape');
  },

  async 'every page passes axe and fits, light and dark, wide and narrow, in two languages'() {
    const pages = ['/overview', '/runs', `/runs/${state.run}`, `/runs/${state.run}?tab=progress`, `/runs/${state.run}?tab=summary`, `/runs/${state.run}?tab=settings`, '/workers', '/users', '/users?tab=tokens', '/profile', '/credentials', '/audit', '/about', '/no/such/page', ...(state.pages ?? [])];
    const looks = [{}, { dark: true, language: 'zh-CN', width: 375, height: 800 }, { dark: true }, { width: 375, height: 800 }];
    // Side by side: most of the time goes into waiting until a page asks for nothing more.
    await Promise.all(looks.map(async (look) => {
      const watched = await open(look);
      for (const path of pages) {
        watched.bytes = 0;
        await watched.goto(path);
        await watched.page.locator('h1').first().waitFor(wait);
        await watched.page.waitForLoadState('networkidle');
        const where = `${path} ${JSON.stringify(look)}`;
        assert.deepEqual(await watched.axe(), [], where);
        await watched.check(where);
      }
      await watched.close();
    }));
  },

  async 'the first view of each page is small'() {
    for (const path of ['/overview', '/runs', '/workers', '/users', '/profile', '/credentials', '/audit', `/runs/${state.run}`, `/runs/${state.run}?tab=progress`, ...(state.pages ?? [])]) {
      const watched = await open({});
      watched.bytes = 0;
      await watched.goto(path);
      await watched.page.waitForLoadState('networkidle');
      assert.ok(watched.bytes < firstViewKibMax * 1024, `${path}: ${Math.round(watched.bytes / 1024)} KiB`);
      await watched.close();
    }
  },

  async 'a hub that goes away is missed, and found again'({ desk }) {
    desk.expected = /ERR_CONNECTION|WebSocket|Failed to load/;
    await desk.goto('/runs');
    await text(desk, 'report').or(desk.page.getByRole('link', { name: /^run_/ })).first().waitFor(wait);
    await hub.stop();
    await text(desk, 'Reconnecting').waitFor(wait);
    await text(desk, 'The hub does not answer. Numbers are from').waitFor(wait);
    await hub.start();
    await desk.page.getByRole('button', { name: 'Try now' }).click(wait).catch(() => undefined);
    await desk.page.locator('.dth-live:not(.grey)').waitFor(wait);
    desk.faults = [];
    desk.expected = undefined;
  },
};

const openAnonymous = (look) => Watched.open(browser, hub.url, look);
/** Another window of the same reader. */
async function open(look) {
  const watched = await openAnonymous(look);
  await watched.context.addCookies(await state.desk.context.cookies());
  return watched;
}

let failed = 0;
const began = Date.now();
try {
  await hub.start();
  state.openAnonymous = openAnonymous;
  state.desk = await openAnonymous({});
  for (const [name, step] of Object.entries(walk)) {
    if (only && !name.includes(only)) continue;
    const start = Date.now();
    try {
      await step(state);
      await state.desk.check(name);
      console.log(`ok   ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}: ${error.message}`);
      await state.desk.page.screenshot({ path: `/tmp/dth-walk-${failed}.png` }).catch(() => undefined);
      console.log(`     ${state.desk.page.url()}; its picture: /tmp/dth-walk-${failed}.png`);
      break;
    }
  }
} finally {
  await browser.close();
  await hub.stop();
  hub.remove();
  rmSync(hub.directory, { recursive: true, force: true });
}
console.log(`${failed ? 'failed' : 'passed'} in ${((Date.now() - began) / 1000).toFixed(0)} s`);
process.exit(failed ? 1 : 0);
