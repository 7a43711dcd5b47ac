// Runs of the command line, seen live to their end; what failed; and what a list of runs says.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text, wait } from './browser.mjs';

const liveObjects = 4000;

/** Files to copy, and a destination where two of them cannot be written. */
function makeFiles(state) {
  const { hub } = state;
  const source = join(hub.directory, 'source', 'docs');
  mkdirSync(source, { recursive: true });
  for (let i = 0; i < liveObjects; i++) writeFileSync(join(source, `report-${i}.txt`), `report ${i}\n`.repeat(1 + (i % 40)));
  for (const i of [7, 9]) mkdirSync(join(hub.directory, 'destination', 'docs', `report-${i}.txt`, 'in-the-way'), { recursive: true });
  state.source = `file://${join(hub.directory, 'source')}/`;
  state.destination = `file://${join(hub.directory, 'destination')}/`;
}

export const steps = {
  async 'an empty hub says how to begin'({ desk }) {
    await desk.goto('/');
    await text(desk, 'Copy your first bucket').waitFor(wait);
    assert.match(desk.page.url(), /\/overview$/);
    assert.equal(await desk.page.title(), 'Overview · Data Transfer Hub');
  },

  async 'a run of the command line is announced, and seen live to its end'(state) {
    const { desk, hub } = state;
    makeFiles(state);
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

  async 'what failed is shown, and a link to it opens it'({ desk, ...state }) {
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

  async 'what failed is retried by a new run, once its cause is gone'({ desk, hub, ...state }) {
    const retry = async () => {
      await desk.page.getByRole('button', { name: 'Retry 2 failed' }).click(wait);
      await text(desk, 'Retry 2 objects').waitFor(wait);
      await desk.page.getByRole('button', { name: 'Retry', exact: true }).click(wait);
    };
    // A run of the command line has credentials and files of its own: the hub says what to do instead.
    await desk.goto(`/runs/${state.run}`);
    await desk.page.getByRole('button', { name: 'Retry 2 failed' }).click(wait);
    await desk.page.getByRole('dialog').locator('code', { hasText: `dth run retry ${state.run}` }).waitFor(wait);
    assert.equal(await desk.page.getByRole('dialog').getByRole('button', { name: 'Retry', exact: true }).count(), 0);
    await desk.page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).last().click(wait);
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

  async 'the summary says how copies were verified'({ desk, ...state }) {
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

};
