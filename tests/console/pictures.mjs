// node pictures.mjs URL OUT PATH...: pictures of pages of a running hub, English light at 1440 and Chinese dark at 375 pixels.
// DTH_COOKIE: the value of a Cookie header that signs in.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, Watched } from './browser.mjs';

const [url, out, ...paths] = process.argv.slice(2);
if (!paths.length) throw new Error('usage: node pictures.mjs URL OUT PATH...');
mkdirSync(out, { recursive: true });
const browser = await launch();
const looks = { 'light-1440': {}, 'zh-dark-375': { dark: true, language: 'zh-CN', width: 375, height: 800 } };
for (const [look, options] of Object.entries(looks)) {
  const watched = await Watched.open(browser, url, options);
  for (const pair of process.env.DTH_COOKIE?.split('; ') ?? []) {
    const [name, ...value] = pair.split('=');
    await watched.context.addCookies([{ name, value: value.join('='), url }]);
  }
  for (const path of paths) {
    await watched.goto(path);
    await watched.page.waitForLoadState('networkidle');
    const name = path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'start';
    await watched.page.screenshot({ path: join(out, `${name}-${look}.png`) });
    await watched.check(`${path} ${look}`).catch((error) => console.log(error.message));
  }
  await watched.close();
}
await browser.close();
