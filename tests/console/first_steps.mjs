// The beginning of the walk: from the link that a new hub prints to users, tokens and what each of them may do.
import assert from 'node:assert/strict';
import { wait } from './browser.mjs';

export const administrator = { name: 'Lin Wei', email: 'lin.wei@example.org', password: 'violet otter sails north' };
export const reader = { name: 'Anna Schmidt', email: 'anna@example.org', password: 'copper lantern hums softly' };

export async function signIn(page, { email, password }) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click(wait);
}
const userMenu = (page, name) => page.getByRole('button', { name: new RegExp(name) }).first();

export const steps = {
  async 'without its link nobody becomes administrator'({ desk }) {
    await desk.goto('/runs');
    await desk.page.waitForURL(/\/setup$/, wait);
    await desk.page.getByText('Open the link that the hub printed').waitFor(wait);
    assert.deepEqual(await desk.axe(), []);
  },

  async 'the link that the hub printed makes the first administrator'({ desk, hub }) {
    // A fragment alone would not load the page again.
    await desk.page.goto('about:blank');
    await desk.goto(`/setup#token=${await hub.setupToken()}`);
    await desk.page.getByLabel('Name', { exact: true }).fill(administrator.name);
    assert.doesNotMatch(desk.page.url(), /token/);
    await desk.page.getByLabel('E-mail').fill(administrator.email);
    await desk.page.getByLabel('Password').fill('short');
    await desk.page.getByRole('button', { name: 'Create administrator' }).click(wait);
    await desk.page.locator('[class*=error__message]').first().waitFor(wait);
    assert.deepEqual(await desk.axe(), []);
    await desk.page.getByLabel('Password').fill(administrator.password);
    await desk.page.getByRole('button', { name: 'Create administrator' }).click(wait);
    await desk.page.waitForURL(/\/overview$/, wait);
    await userMenu(desk.page, administrator.name).waitFor(wait);
  },

  async 'signing out leads to the sign-in, and back to the page after it'({ desk }) {
    await userMenu(desk.page, administrator.name).click(wait);
    await desk.page.getByText('Sign out').click(wait);
    await desk.page.waitForURL(/\/sign-in/, wait);
    await desk.goto('/runs?view=attention');
    await desk.page.waitForURL(/\/sign-in\?next=/, wait);
    await signIn(desk.page, { ...administrator, password: 'not the password at all' });
    await desk.page.getByRole('alert').or(desk.page.locator('[class*=alert]')).first().waitFor(wait);
    assert.deepEqual(await desk.axe(), []);
    await signIn(desk.page, administrator);
    await desk.page.waitForURL(/\/runs\?view=attention$/, wait);
  },

  async 'a user is created, sets a password by the link, and sees what a viewer may'({ desk, openAnonymous }) {
    await desk.goto('/users');
    await desk.page.getByRole('button', { name: 'Create user' }).click(wait);
    const form = desk.page.getByRole('dialog');
    await form.getByLabel('Name').fill(reader.name);
    await form.getByLabel('E-mail').fill(reader.email);
    await form.getByRole('button', { name: 'Create user' }).click(wait);
    const link = await desk.page.locator('.dth-codeline code').first().textContent(wait);
    assert.match(link, /\/set-password#token=\w+/);
    const other = await openAnonymous({});
    await other.page.goto(link);
    await other.page.getByLabel('New password').fill(reader.password);
    await other.page.getByRole('button', { name: 'Set password' }).click(wait);
    await other.page.getByText('The password is set.').waitFor(wait);
    await other.page.getByRole('button', { name: 'Sign in' }).click(wait);
    await signIn(other.page, reader);
    await other.page.waitForURL(/\/overview$/, wait);
    assert.equal(await other.page.getByRole('link', { name: 'Users and tokens' }).count(), 0);
    await other.goto('/users');
    await other.page.getByText('This page needs the role Administrator. You are Viewer (anna@example.org).').waitFor(wait);
    await other.check('viewer');
    await other.close();
    await desk.page.getByRole('button', { name: 'I have kept it' }).click(wait);
    await desk.page.getByText(reader.email).waitFor(wait);
  },

  async 'a token is shown once, used by a program, and revoked'({ desk, hub }) {
    await desk.goto('/profile');
    await desk.page.getByRole('button', { name: 'Create token' }).click(wait);
    const form = desk.page.getByRole('dialog');
    await form.getByLabel('Name').fill('nightly report');
    await form.getByRole('button', { name: 'Create token' }).click(wait);
    await desk.page.getByText('Your new token').waitFor(wait);
    const secret = await desk.page.locator('.dth-codeline code').first().textContent(wait);
    const ask = async () => (await fetch(`${hub.url}/graphql`, {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` }, body: '{"query": "{ runs { nodes { id } } }"}',
    })).json();
    assert.deepEqual((await ask()).data, { runs: { nodes: [] } });
    await desk.page.getByRole('button', { name: 'I have kept it' }).click(wait);
    await desk.page.getByRole('button', { name: 'Revoke token nightly report' }).click(wait);
    await desk.page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click(wait);
    await desk.page.getByText('Token nightly report is revoked.').waitFor(wait);
    assert.equal((await ask()).data?.runs, undefined);
  },

  async 'a credential is kept, and its secret never shown'({ desk }) {
    await desk.goto('/credentials');
    await desk.page.getByRole('button', { name: 'Create credential' }).first().click(wait);
    const form = desk.page.getByRole('dialog');
    await form.getByLabel('Name', { exact: true }).fill('photos reader');
    await form.getByLabel('Access key ID').fill('AKIAEXAMPLE');
    await form.getByLabel('Secret access key').fill('planted-secret-of-the-walk');
    assert.deepEqual(await desk.axe(), []);
    await form.getByRole('button', { name: 'Create credential' }).click(wait);
    await desk.page.getByText('Credential photos reader is created.').waitFor(wait);
    assert.doesNotMatch(await desk.page.content(), /planted-secret/);
  },

  async 'the audit log says who did all of that'({ desk }) {
    await desk.goto('/audit?filter=action%3DcreateCredential');
    await desk.page.getByText('photos reader').first().waitFor(wait);
    await desk.page.locator('tbody').getByText(administrator.name).first().waitFor(wait);
    await desk.page.locator('tbody').getByRole('link').first().click(wait);
    await desk.page.getByText('Audit entry').waitFor(wait);
    assert.doesNotMatch(await desk.page.content(), /planted-secret/);
    assert.deepEqual(await desk.axe(), []);
    await desk.goto('/audit');
    for (const action of ['createFirstAdministrator', 'signIn', 'createUser', 'createApiToken', 'revokeApiToken']) await desk.page.getByText(action, { exact: true }).first().waitFor(wait);
  },
};
