// The browser of the walk. Everything that must never happen on any page is noted here: errors, refusals by the CSP, other origins.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const skipped = 77;
/** Machines that also run other tests are slow; what never comes still ends the walk before its own limit. */
export const wait = { timeout: 60_000 };
export const text = (watched, words) => watched.page.getByText(words, { exact: false }).first();
const candidates = [process.env.DTH_TEST_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium, or an end of the process with a word about what is missing. */
export async function launch() {
  const program = candidates.find((each) => each && existsSync(each));
  if (!program) skip('Chromium is missing; tools/install_packages.sh browser installs it');
  let playwright;
  try {
    playwright = await import('playwright-core');
  } catch {
    skip('the npm packages of tests/console are missing; tools/install_packages.sh browser installs them');
  }
  return playwright.chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });
}
function skip(why) {
  console.log(`skipped: ${why}`);
  process.exit(skipped);
}

export class Watched {
  constructor(context, page, origin) {
    Object.assign(this, { context, page, origin, faults: [], bytes: 0 });
  }

  static async open(browser, origin, { width = 1440, height = 900, dark = false, language = 'en', zone = 'Europe/Berlin' } = {}) {
    const context = await browser.newContext({
      viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', locale: language === 'en' ? 'en-US' : language, timezoneId: zone, reducedMotion: 'reduce',
      isMobile: width < 600, hasTouch: width < 600,
    });
    await context.addInitScript(() => {
      globalThis.refusals = [];
      document.addEventListener('securitypolicyviolation', (event) => globalThis.refusals.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
    });
    context.setDefaultTimeout(wait.timeout);
    const page = await context.newPage();
    const watched = new Watched(context, page, origin);
    page.on('pageerror', (error) => watched.faults.push(`script: ${error.message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !watched.expected?.test(message.text())) watched.faults.push(`console: ${message.text().slice(0, 300)}`);
    });
    page.on('request', (request) => { if (!request.url().startsWith(origin) && !request.url().startsWith(`blob:${origin}`)) watched.faults.push(`another origin: ${request.url().slice(0, 100)}`); });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    // Compressed bodies of what makes the page. Answers of the API are not counted: how many come depends on how slow the machine is.
    const heads = new Map();
    devtools.on('Network.responseReceived', ({ requestId, response }) => { if (!response.url.includes('/graphql')) heads.set(requestId, response.encodedDataLength); });
    devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (heads.has(requestId)) watched.bytes += encodedDataLength - heads.get(requestId); });
    watched.devtools = devtools;
    return watched;
  }

  async goto(path) {
    await this.page.goto(this.origin + path, { waitUntil: 'load' });
  }

  /** What axe finds on the page as it is (WCAG 2.0 to 2.2, A and AA). */
  async axe() {
    const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    // The debugger's scripts are not bound by the CSP.
    await this.devtools.send('Runtime.evaluate', { expression: source });
    const { result } = await this.devtools.send('Runtime.evaluate', {
      awaitPromise: true, returnByValue: true,
      expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((found) => JSON.stringify(found.violations.map((each) => each.id + ': ' + each.nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + ' — ' + (node.any[0]?.message ?? '')).join(' | '))))`,
    });
    return JSON.parse(result.value ?? '["axe did not run"]');
  }

  /** Fails if anything happened that must not. */
  async check(where) {
    const refusals = await this.page.evaluate(() => globalThis.refusals);
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const faults = [...new Set([...this.faults, ...refusals.map((each) => `CSP: ${each}`)])];
    if (wide > 0) faults.push(`the page is ${wide} pixels wider than the window`);
    this.faults = [];
    if (faults.length) throw new Error(`${where}:\n  ${faults.join('\n  ')}`);
  }

  close() { return this.context.close(); }
}
