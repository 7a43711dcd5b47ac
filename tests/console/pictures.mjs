// node pictures.mjs URL OUT PATH...: pictures of pages of a running hub, English light at 1440 and Chinese dark at 375 pixels.
//   DTH_COOKIE: the value of a Cookie header that signs in.
// node pictures.mjs --documents DTH BENCH_S3_SERVER: makes the pictures of the documents, docs/console/*.png, of the hub of scene.py.
import { spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { signIn } from './first_steps.mjs';
import { launch, text, wait, Watched } from './browser.mjs';

const root = join(import.meta.dirname, '../..');
const pictureBytesMax = 300_000;
const measuredSeconds = 75; // so that the charts of the run have something to show
const seconds = (n) => new Promise((resolve) => { setTimeout(resolve, n * 1000); });

async function pagesOf(browser, url, out, paths) {
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
}

/** What the documents show: the hub at work, its tasks, a run that is under way, and what failed in another. */
async function documents(browser, scene) {
  const run = scene.runs.find(({ task }) => task?.name === 'product-catalogue-cn');
  const shown = {
    overview: ['/overview', 'Finished last'], tasks: ['/tasks', 'video-masters-to-beijing'], task: [`/tasks/${scene.tasks['video-masters-to-beijing']}`, 'Objects per second'],
    run: [`/runs/${run.id}?tab=failures`, 'Failures by cause'],
  };
  const watched = await Watched.open(browser, scene.url, { height: 1000 });
  await watched.goto('/overview');
  await signIn(watched.page, scene);
  await text(watched, 'Needs attention').waitFor(wait);
  await seconds(measuredSeconds);
  for (const [name, [path, words]] of Object.entries(shown)) {
    await watched.goto(path);
    await text(watched, words).waitFor(wait);
    await watched.page.waitForLoadState('networkidle');
    const picture = join(root, 'docs/console', `${name}.png`);
    await watched.page.screenshot({ path: picture });
    const { size } = statSync(picture);
    console.log(`docs/console/${name}.png ${Math.round(size / 1000)} KB`);
    if (size > pictureBytesMax) throw new Error(`${picture} has more than ${pictureBytesMax} bytes`);
    await watched.check(path);
  }
  await watched.close();
}

async function furnished(programs) {
  const process_ = spawn('python3', [join(import.meta.dirname, 'scene.py'), ...programs], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: process_.stdout })) return { scene: JSON.parse(line), end: () => process_.stdin.end() };
  throw new Error('scene.py ended before its hub was ready');
}

const [first, second, ...rest] = process.argv.slice(2);
if (!rest.length) throw new Error('usage: node pictures.mjs URL OUT PATH... | --documents DTH BENCH_S3_SERVER');
const browser = await launch();
try {
  if (first === '--documents') {
    const { scene, end } = await furnished([second, rest[0]]);
    await documents(browser, scene).finally(end);
  } else {
    mkdirSync(second, { recursive: true });
    await pagesOf(browser, first, second, rest);
  }
} finally {
  await browser.close();
}
