// node walk.mjs DTH [ONLY]: a browser walks through the console of a real hub. Exit code 77: Chromium is missing.
import { mkdirSync, rmSync } from 'node:fs';
import { launch, wait, Watched } from './browser.mjs';
import { Hub } from './hub.mjs';
import { steps as first } from './first_steps.mjs';
import { steps as looks } from './look_steps.mjs';
import { steps as runs } from './run_steps.mjs';
import { steps as states } from './state_steps.mjs';
import { steps as tasks } from './task_steps.mjs';

const [program, only] = process.argv.slice(2);
if (!program) throw new Error('usage: node walk.mjs DTH [ONLY]');

const browser = await launch();
const hub = new Hub(program);
mkdirSync(hub.directory, { recursive: true });
const walk = { ...first, ...runs, ...tasks, ...states, ...looks };
const state = { hub, pages: [] };

state.openAnonymous = (look) => Watched.open(browser, hub.url, look);
/** Another window of the same reader. */
state.open = async (look) => {
  const watched = await state.openAnonymous(look);
  await watched.context.addCookies(await state.desk.context.cookies());
  return watched;
};

let failed = 0;
const began = Date.now();
try {
  await hub.start();
  state.desk = await state.openAnonymous({});
  for (const [name, step] of Object.entries(walk)) {
    if (only && !name.includes(only)) continue;
    const start = Date.now();
    try {
      const word = await step(state);
      await state.desk.check(name);
      console.log(`${word === undefined ? 'ok  ' : `skip (${word})`} ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}: ${error.message}`);
      await state.desk.page.screenshot({ path: `/tmp/dth-walk-${failed}.png` }).catch(() => undefined);
      console.log(`     ${state.desk.page.url()}; its picture: /tmp/dth-walk-${failed}.png`);
      const words = await state.desk.page.locator('body').innerText(wait).catch(() => '');
      console.log(`     what it says: ${words.replaceAll(/\s+/g, ' ').slice(0, 1500)}`);
      console.log(`     the hub's log ends with:\n${hub.log.slice(-1500)}`);
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
