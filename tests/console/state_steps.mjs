// What a page says where something is not as usual: a session that ended, a socket that is cut, another hub, a task that is gone.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reader, signIn } from './first_steps.mjs';
import { text, wait } from './browser.mjs';

const long = { timeout: 30_000 };

/** A question to the hub in the name of the reader of this window. */
const ask = ({ page }, query, variables = {}) => page.evaluate(async ([body]) => {
  const answer = await fetch('/graphql', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-DTH-Request': 'console' }, body });
  return (await answer.json()).data;
}, [JSON.stringify({ query, variables })]);

/** A task between two directories of the hub's host. */
async function createTask(desk, name, directory) {
  const endpoint = await ask(desk, 'mutation { createEndpoint(input: {endpoint: {name: "here-of-states", kind: "file"}}) { endpoint { id } } }');
  const task = {
    name, action: 'COPY', source: { endpointId: endpoint.createEndpoint.endpoint.id, path: join(directory, 'none/') },
    destination: { endpointId: endpoint.createEndpoint.endpoint.id, path: join(directory, 'nowhere/') },
  };
  const made = await ask(desk, 'mutation($task: TaskInput!) { createTask(input: {task: $task}) { task { id } userErrors { message } } }', { task });
  assert.deepEqual(made.createTask.userErrors, []);
  return made.createTask.task.id;
}

export const steps = {
  async 'what the hub declares has its texts in Chinese'({ desk }) {
    const told = await ask(desk, `{ plugins { options { name group } } endpointKinds { options { name } } endpointTemplates { name }
      credentialKinds { name options { name } secrets { name } } settings { key } }`);
    const sides = /^(source|destination|ledger)-(?!prefix|storage-class)/; // how a side is reached is asked by its endpoint
    const ofTasks = told.plugins.flatMap(({ options }) => options).filter(({ name, group }) => group !== 'locations' && !(sides.test(name) && ['source', 'destination', 'ledger'].includes(group)));
    const wanted = {
      option: [...ofTasks, ...told.endpointKinds.flatMap(({ options }) => options)].map(({ name }) => name),
      template: told.endpointTemplates.map(({ name }) => name), vendor: told.endpointTemplates.map(({ name }) => name),
      credkind: told.credentialKinds.map(({ name }) => name), field: told.credentialKinds.flatMap(({ options, secrets }) => [...options, ...secrets]).map(({ name }) => name),
      setting: told.settings.map(({ key }) => key),
    };
    const source = readFileSync(join(import.meta.dirname, '../../console/src/i18n/hub-zh-CN.ts'), 'utf8');
    const labels = readFileSync(join(import.meta.dirname, '../../console/src/i18n/zh-CN.ts'), 'utf8');
    const missing = [];
    for (const [section, names] of Object.entries(wanted)) {
      assert.ok(names.length > 5, section);
      const [, part] = new RegExp(`^  ${section}: \\{\\n([^]*?)^  \\},`, 'm').exec(source);
      missing.push(...names.filter((name) => !part.includes(`    '${name}': '`)).map((name) => `${section} ${name}`));
      const label = { option: 'option', field: 'credfield', credkind: 'credkind' }[section];
      if (label) missing.push(...names.filter((name) => !labels.includes(`'${label}.${name}':`)).map((name) => `${label}.${name}`));
    }
    assert.deepEqual([...new Set(missing)], []);
  },

  async 'a socket that is cut: the page asks by itself'({ open, desk }) {
    const other = await open({});
    other.expected = /WebSocket/;
    await other.page.routeWebSocket(/graphql/, (socket) => socket.close({ code: 1001, reason: 'cut' }));
    await other.goto('/tasks');
    await text(other, 'Every 5 s').waitFor(long);
    assert.deepEqual(await other.axe(), []);
    await other.close();
    await desk.goto('/tasks');
    await desk.page.locator('.dth-live:not(.grey)').first().waitFor(wait);
  },

  async 'a task that is deleted meanwhile is said to be gone'({ desk, open, hub }) {
    const id = await createTask(desk, 'soon-gone', hub.directory);
    const other = await open({});
    await other.goto(`/tasks/${id}`);
    await other.page.getByRole('heading', { level: 1, name: 'soon-gone' }).waitFor(wait);
    const gone = await ask(desk, 'mutation($ids: [ID!]!) { deleteTasks(input: {ids: $ids}) { results { id error { message } } } }', { ids: [id] });
    assert.equal(gone.deleteTasks.results[0].error, null);
    await text(other, 'Task not found').waitFor(long);
    await other.goto(`/tasks/${id}/edit`);
    await text(other, 'Task not found').waitFor(wait);
    await other.check('a deleted task');
    await other.close();
  },

  async 'a session that ended leads to the sign-in, and back'({ openAnonymous }) {
    const first = await openAnonymous({}), second = await openAnonymous({});
    for (const window of [first, second]) {
      await window.goto('/runs?view=attention');
      await signIn(window.page, reader);
      await window.page.waitForURL(/\/runs\?view=attention$/, wait);
    }
    await second.goto('/profile');
    await second.page.getByRole('button', { name: 'End all others' }).click(wait);
    first.expected = /401|WebSocket/;
    await first.page.waitForURL(/\/sign-in\?next=/, long);
    await signIn(first.page, reader);
    await first.page.waitForURL(/\/runs\?view=attention$/, wait);
    await first.close();
    await second.close();
  },

  async 'another version of the hub is noticed, and offers to reload'({ open, desk, hub }) {
    const other = await open({});
    const expected = /ERR_CONNECTION|WebSocket|Failed to load/;
    Object.assign(desk, { expected });
    Object.assign(other, { expected });
    await other.goto('/runs');
    await other.page.locator('.dth-live:not(.grey)').first().waitFor(wait);
    await hub.stop();
    await text(other, 'Reconnecting').waitFor(wait);
    await other.page.route('**/version', (route) => route.fulfill({ json: { version: '99.0.0' } }));
    await hub.start();
    await text(other, 'The hub was upgraded. Reload to use the new console.').waitFor(long);
    assert.deepEqual(await other.axe(), []);
    await other.page.unroute('**/version');
    await other.page.getByRole('button', { name: 'Reload' }).click(wait);
    await other.page.locator('.dth-live:not(.grey)').first().waitFor(wait);
    await other.page.getByText('The hub was upgraded').waitFor({ state: 'hidden', ...wait });
    await other.close();
    await desk.goto('/overview');
    await text(desk, 'Needs attention').waitFor(wait);
    Object.assign(desk, { faults: [], expected: undefined });
  },
};
