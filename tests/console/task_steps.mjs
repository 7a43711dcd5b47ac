// From a key that is wrong to objects that are verified, by endpoints and tasks, between two S3 servers: what the screen says and what the buckets hold.
import assert from 'node:assert/strict';
import { reader, signIn } from './first_steps.mjs';
import { text, wait } from './browser.mjs';
import { stores } from './s3.mjs';

const servers = stores();
const without = 'no S3 servers: DTH_TEST_S3_ENDPOINT, DTH_TEST_S3_ENDPOINT_B';
const long = { timeout: 120_000 };
const bucket = `walk-${process.pid}-${Date.now().toString(36)}`;
const mirror = `${bucket}-mirror`;
const keys = ['photos/a.jpg', 'photos/b.jpg', 'photos/c.jpg', 'photos/deep/d.txt'];
const task = 'photos-to-archive';

const button = (page, name, exact = true) => page.getByRole('button', { name, exact }).last();
async function choose(page, label, option) {
  await page.getByRole('button', { name: new RegExp(`^${label}`) }).first().click(wait);
  await page.getByRole('option', { name: new RegExp(option) }).first().click(wait);
}
async function createCredential(page, name, id, secret) {
  await button(page, 'Create credential').click(wait);
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Access key ID').fill(id);
  await form.getByLabel('Secret access key').fill(secret);
  await form.getByRole('button', { name: 'Create credential' }).click(wait);
  await text({ page }, `Credential ${name} is created.`).waitFor(wait);
}
const check = (page, name, state) => page.locator(`li[data-check="${name}"][data-state="${state}"]`);
const next = async ({ page }, heading) => {
  await button(page, 'Next').click(wait);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor(wait);
};
const chosenBucket = async (page, name) => {
  await page.getByRole('link', { name, exact: true }).click(wait);
  await page.waitForFunction((wanted) => [...document.querySelectorAll('input')].some(({ value }) => value === wanted), `${name}/`, wait);
};
/** The task's page, where its last run stands as it should. */
const settled = (page, words) => page.locator('main').getByText(words).first().waitFor(long);

const steps = {
  async 'an endpoint with a wrong key says what is wrong, and with the right one is reachable'(state) {
    const { desk } = state;
    const { page } = desk;
    await servers.source.createBucket(bucket);
    await servers.destination.createBucket(mirror);
    for (const key of keys) await servers.source.put(bucket, key, `this is ${key}`);
    await desk.goto('/endpoints/create');
    await page.getByRole('radio', { name: /Ceph/ }).first().click(wait);
    await page.getByLabel('Name', { exact: true }).fill('ceph-source');
    await page.getByLabel('Endpoint URL', { exact: true }).fill(servers.source.url);
    // Ceph denies everybody without a good key the list of buckets; only of a bucket it says why.
    await page.getByLabel(/^Bucket/).fill(bucket);
    await createCredential(page, 'wrong key', servers.source.accessKeyId, 'not-the-secret');
    await button(page, 'Test connection').click(wait);
    await page.locator('li[data-check][data-state="FAILED"]').first().waitFor(wait);
    await text(desk, 'What to do:').waitFor(wait);
    assert.deepEqual(await desk.axe(), []);
    await createCredential(page, 'right key', servers.source.accessKeyId, servers.source.secretAccessKey);
    await button(page, 'Test connection').click(wait);
    await check(page, 'CREDENTIAL', 'PASSED').waitFor(wait);
    await button(page, 'Create endpoint').click(wait);
    await text(desk, 'Endpoint ceph-source is created.').waitFor(wait);
    state.endpoint = /endpoint_\w+/.exec(page.url())[0];
    state.pages.push('/endpoints', `/endpoints/${state.endpoint}`, `/endpoints/${state.endpoint}/edit`, '/endpoints/create');
    assert.doesNotMatch(await page.content(), /not-the-secret/);
  },

  async 'what is in a store is browsed, and the address says where'({ desk, endpoint }) {
    await desk.goto(`/endpoints/${endpoint}?tab=contents`);
    await desk.page.getByRole('link', { name: bucket, exact: true }).click(wait);
    await desk.page.getByRole('link', { name: 'photos', exact: false }).first().click(wait);
    await text(desk, 'a.jpg').waitFor(wait);
    assert.match(decodeURIComponent(desk.page.url()), new RegExp(`path=${bucket}/photos/`));
    assert.deepEqual(await desk.axe(), []);
  },

  async 'a task is made step by step, with a new endpoint on the way, and runs to verified'(state) {
    const { desk } = state;
    const { page } = desk;
    await desk.goto('/tasks');
    await text(desk, 'No tasks').waitFor(wait);
    await page.getByRole('link', { name: 'Create task' }).first().click(wait);
    await button(page, 'Next').click(wait);
    await page.locator('[class*=error__message], [class*=error]').first().waitFor(wait);
    await page.getByLabel('Name', { exact: true }).fill(task);
    await next(desk, 'Source');
    await choose(page, 'Endpoint', 'ceph-source');
    await text(desk, 'Reachable').waitFor(wait);
    await chosenBucket(page, bucket);
    assert.deepEqual(await desk.axe(), []);
    await next(desk, 'Destination');
    await button(page, 'New endpoint').click(wait);
    await page.getByRole('radio', { name: /Ceph/ }).first().click(wait);
    await page.getByLabel('Name', { exact: true }).fill('ceph-archive');
    await page.getByLabel('Endpoint URL', { exact: true }).fill(servers.destination.url);
    await choose(page, 'Credential', 'right key');
    await button(page, 'Create endpoint').click(wait);
    await text(desk, 'Endpoint ceph-archive is created.').waitFor(wait);
    await page.getByLabel('Bucket and prefix').fill(`${mirror}/kept/`);
    await next(desk, /Options/);
    await page.getByPlaceholder('Find options').fill('tag');
    await page.getByLabel('Tag', { exact: true }).fill('made-by=walk');
    await text(desk, '1 changed').waitFor(wait);
    await next(desk, 'Schedule');
    await next(desk, 'Review');
    assert.match(page.url(), /step=review/);
    await text(desk, 'kept/').waitFor(wait);
    await page.locator('.dth-codeline code', { hasText: task }).first().waitFor(wait);
    assert.deepEqual(await desk.axe(), []);
    await button(page, 'Create and start').click(wait);
    await page.waitForURL(/\/tasks\/task_\w+/, wait);
    state.task = /task_\w+/.exec(page.url())[0];
    await settled(page, '4 of 4 verified');
    assert.deepEqual(await servers.destination.keys(mirror), keys.map((key) => `kept/${key}`));
    for (const key of keys) assert.equal(await servers.destination.get(mirror, `kept/${key}`), `this is ${key}`);
    state.pages.push('/tasks', `/tasks/${state.task}`, `/tasks/${state.task}?tab=runs`, `/tasks/${state.task}?tab=settings`, '/tasks/create', '/tasks/create?step=source', '/tasks/create?step=options', '/tasks/create?step=schedule', '/settings');
  },

  async 'a schedule is given, said in words, and its next runs are shown'({ desk, task: id }) {
    await desk.goto(`/tasks/${id}/edit?step=schedule`);
    const { page } = desk;
    await page.getByRole('button', { name: 'Days and times' }).click(wait);
    await page.getByLabel('Time 1').fill('03:30');
    await text(desk, 'Every day at 03:30').waitFor(wait);
    await page.locator('.dth-times li', { hasText: '03:30' }).nth(4).waitFor(wait);
    assert.equal(await page.locator('.dth-times li').count(), 5);
    await next(desk, 'Review');
    await button(page, 'Save').click(wait);
    await text(desk, `Task ${task} is saved.`).waitFor(wait);
    await text(desk, 'Every day at 03:30').waitFor(wait);
    await desk.goto('/overview');
    await page.locator('main').getByRole('link', { name: task }).first().waitFor(wait);
  },

  async 'a clone is a task of its own, and tasks are paused and resumed'(state) {
    const { desk } = state;
    const { page } = desk;
    await desk.goto(`/tasks/create?from=${state.task}`);
    await page.getByRole('radio', { name: /Sync/ }).first().click(wait);
    await page.getByLabel('Name', { exact: true }).fill('photos-mirror');
    await button(page, 'Skip to review', false).click(wait);
    await page.getByRole('heading', { level: 1, name: 'Review' }).waitFor(wait);
    await button(page, 'Create').click(wait);
    await text(desk, 'Task photos-mirror is created.').waitFor(wait);
    state.mirror = /task_\w+/.exec(page.url())[0];
    await desk.goto('/tasks');
    await page.getByRole('link', { name: 'photos-mirror' }).waitFor(wait);
    await page.getByRole('checkbox', { name: 'Select all' }).check({ force: true, ...wait });
    await page.getByRole('button', { name: 'Actions', exact: true }).first().click(wait);
    await page.getByRole('menuitem', { name: 'Pause' }).click(wait);
    await text(desk, '2 paused.').waitFor(wait);
    await page.getByRole('button', { name: /Paused 2/ }).click(wait);
    await page.waitForURL(/view=paused/, wait);
    await page.getByRole('link', { name: 'photos-mirror' }).waitFor(wait);
    await desk.goto(`/tasks/${state.mirror}`);
    await button(page, 'Resume').click(wait);
    await text(desk, '1 resumed.').waitFor(wait);
    await button(page, 'Pause').waitFor(wait);
  },

  async 'a sync waits for an approval, and deletes exactly what was approved'({ desk, mirror: id }) {
    const { page } = desk;
    const extra = ['kept/old/1.txt', 'kept/old/2.txt'];
    for (const key of extra) await servers.destination.put(mirror, key, 'only here');
    await desk.goto(`/tasks/${id}`);
    await button(page, 'Run now').click(wait);
    await text(desk, 'This run would delete 2 objects; it waits for approval').waitFor(long);
    assert.deepEqual((await servers.destination.keys(mirror)).filter((key) => extra.includes(key)), extra);
    assert.deepEqual(await desk.axe(), []);
    await desk.goto('/overview');
    await page.locator('main').getByRole('link', { name: 'Review and approve' }).first().click(wait);
    await button(page, 'Review and approve').click(wait);
    const form = page.getByRole('dialog');
    const confirm = form.getByRole('button', { name: 'Delete 2 objects' });
    await form.getByText('old/1.txt').waitFor(wait);
    assert.equal(await confirm.isDisabled(), true);
    await form.getByLabel(`Type ${mirror} to confirm`).fill(mirror);
    assert.deepEqual(await desk.axe(), []);
    await confirm.click(wait);
    await text(desk, 'Approved: 2 objects are deleted.').waitFor(wait);
    await page.locator('h1').locator('..').getByText('Succeeded').or(page.getByText('Succeeded')).first().waitFor(long);
    assert.deepEqual(await servers.destination.keys(mirror), keys.map((key) => `kept/${key}`));
  },

  async 'an endpoint that tasks use is not deleted'({ desk, endpoint }) {
    await desk.goto(`/endpoints/${endpoint}`);
    await button(desk.page, 'Delete').click(wait);
    const form = desk.page.getByRole('dialog');
    await form.getByText(task).first().waitFor(wait);
    await form.getByRole('button', { name: 'Delete' }).click(wait);
    await form.locator('[class*=alert]').getByText(/photos-/).first().waitFor(wait);
    await form.getByRole('button', { name: 'Cancel' }).click(wait);
  },

  async 'a viewer sees tasks and endpoints, and changes none'({ openAnonymous, task: id, endpoint }) {
    const other = await openAnonymous({});
    await other.goto('/tasks');
    await signIn(other.page, reader);
    await other.page.getByRole('link', { name: task }).first().waitFor(wait);
    assert.equal(await other.page.getByRole('button', { name: 'Run now' }).isDisabled(), true);
    await other.goto(`/tasks/${id}`);
    await other.page.getByRole('button', { name: 'Run now' }).waitFor(wait);
    assert.equal(await other.page.getByRole('button', { name: 'Run now' }).isDisabled(), true);
    await other.goto('/tasks/create');
    await text(other, 'This page needs the role Operator').waitFor(wait);
    await other.goto(`/endpoints/${endpoint}`);
    await other.page.getByRole('tab', { name: 'Connection' }).waitFor(wait);
    assert.equal(await other.page.getByRole('tab', { name: 'Contents' }).count(), 0);
    assert.equal(await other.page.getByText('right key').count(), 0);
    await other.check('viewer');
    await other.close();
  },

  async 'the audit log has all of it, and gives it away as a file'({ desk }) {
    const { page } = desk;
    await desk.goto('/audit?view=24h');
    for (const action of ['createEndpoint', 'createTask', 'updateTask', 'approveDeletions']) await page.getByText(action, { exact: true }).first().waitFor(wait);
    const download = page.waitForEvent('download', wait);
    await button(page, 'Download').click(wait);
    const lines = [];
    for await (const part of await (await download).createReadStream()) lines.push(part);
    const events = Buffer.concat(lines).toString().trim().split('\n').map((line) => JSON.parse(line));
    assert.ok(events.some(({ action, targetName }) => action === 'createTask' && targetName === task));
    assert.ok(!JSON.stringify(events).includes(servers.source.secretAccessKey));
  },

  async 'the settings say where their values come from'({ desk, hub }) {
    await desk.goto('/settings');
    await desk.page.getByText('Command line').first().waitFor(wait);
    await desk.page.getByText(`127.0.0.1:${hub.port}`).or(desk.page.getByText('127.0.0.1:0')).first().waitFor(wait);
    assert.deepEqual(await desk.axe(), []);
  },

  async 'the buckets of the walk are gone'() {
    await servers.source.remove(bucket);
    await servers.destination.remove(mirror);
  },
};

/** Without servers they are skipped, and say so. */
const guarded = Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, servers ? step : async () => without]));
export { guarded as steps };
