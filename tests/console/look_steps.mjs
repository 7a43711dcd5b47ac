// Every page in every look, the weight of its first view, and a hub that goes away.
import assert from 'node:assert/strict';
import { text, wait } from './browser.mjs';

const firstViewKibMax = 500;
const plainPages = ['/overview', '/tasks', '/tasks/create', '/runs', '/endpoints', '/endpoints/create', '/credentials', '/workers', '/users', '/users?tab=tokens', '/audit', '/settings', '/profile', '/about'];

export const steps = {
  async 'every page passes axe and fits, light and dark, wide and narrow, in two languages'({ open, ...state }) {
    const pages = new Set([...plainPages, `/runs/${state.run}`, `/runs/${state.run}?tab=progress`, `/runs/${state.run}?tab=summary`, `/runs/${state.run}?tab=settings`, '/no/such/page', ...(state.pages ?? [])]);
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

  async 'the first view of each page is small'({ open, ...state }) {
    for (const path of new Set([...plainPages, `/runs/${state.run}`, `/runs/${state.run}?tab=progress`, `/runs/${state.run}?tab=summary`, ...(state.pages ?? [])])) {
      const watched = await open({});
      watched.bytes = 0;
      await watched.goto(path);
      await watched.page.waitForLoadState('networkidle');
      assert.ok(watched.bytes < firstViewKibMax * 1024, `${path}: ${Math.round(watched.bytes / 1024)} KiB`);
      await watched.close();
    }
  },

  async 'a hub that goes away is missed, and found again'({ desk, hub }) {
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
