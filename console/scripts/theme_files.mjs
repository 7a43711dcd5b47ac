// Makes src/generated_style/ from the installed Cloudscape packages: fonts, global styles, our theme and the names of its tokens.
// All of it is made at build time because the console's CSP allows neither data: fonts nor styles that scripts insert.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, 'src/generated_style');
mkdirSync(join(out, 'fonts'), { recursive: true });

// Cloudscape's global styles carry their fonts as data: URLs. The weights that the console uses become files.
function globalStyles() {
  const css = readFileSync(join(root, 'node_modules/@cloudscape-design/global-styles/index.css'), 'utf8');
  let faces = '';
  let rest = css;
  for (const [face] of css.matchAll(/@font-face\s*\{[^}]*\}/g)) {
    rest = rest.replace(face, '');
    const weight = /font-weight:\s*(\d+|normal|bold)/.exec(face)?.[1] ?? '400';
    const style = /font-style:\s*(\w+)/.exec(face)?.[1] ?? 'normal';
    const data = /base64,([A-Za-z0-9+/=]+)/.exec(face)?.[1];
    if (!data || style !== 'normal' || weight === '300') continue;
    const name = `open-sans-${weight}.woff2`;
    writeFileSync(join(out, 'fonts', name), Buffer.from(data, 'base64'));
    const file = face.replace(/url\([^)]*\)/, `url('./fonts/${name}')`).replace(/font-display:[^;]*;/, '');
    faces += `${file.replace('}', '  font-display: swap;\n}')}\n`;
  }
  if (!faces) throw new Error('@cloudscape-design/global-styles holds no fonts as data: URLs any more');
  writeFileSync(join(out, 'global.css'), faces + rest);
}

// The names of Cloudscape's CSS variables carry a hash of their values. They are read from the installed components:
// @cloudscape-design/design-tokens has the hashes of another release, and its light fallbacks then show in dark mode.
function tokens() {
  const base = readFileSync(
    join(root, 'node_modules/@cloudscape-design/components/internal/base-theme/styles.scoped.css'), 'utf8');
  const token = (name) => {
    const found = new Set(base.match(new RegExp(`--${name}-[a-z0-9]{6}(?=:)`, 'g')));
    if (found.size !== 1) throw new Error(`${name}: ${found.size} variables of that name in Cloudscape's base theme`);
    return `var(${[...found][0]})`;
  };
  const names = {
    'text-secondary': 'color-text-body-secondary', mono: 'font-family-monospace', font: 'font-family-base', good: 'color-text-status-success',
    bad: 'color-text-status-error', warn: 'color-text-status-warning', surface: 'color-background-container-content',
    track: 'color-border-divider-default', line: 'color-border-divider-secondary', grey: 'color-text-status-inactive',
    text: 'color-text-body-default', accent: 'color-text-accent', page: 'color-background-layout-main',
  };
  let css = 'body {\n';
  for (const [name, source] of Object.entries(names)) css += `  --dth-${name}: ${token(source)};\n`;
  css += '  --dth-accent-soft: color-mix(in srgb, var(--dth-accent) 45%, var(--dth-surface));\n'
    + '  --dth-accent-faint: color-mix(in srgb, var(--dth-accent) 18%, var(--dth-surface));\n'
    + '  --dth-hatch: color-mix(in srgb, var(--dth-text-secondary) 26%, transparent);\n}\n';
  writeFileSync(join(out, 'tokens.css'), css);
}

// applyTheme() would insert a <style> at run time; the same stylesheet is made here.
async function theme() {
  const server = await createServer({
    configFile: false, root, server: { middlewareMode: true, hmr: false, ws: false }, appType: 'custom',
    optimizeDeps: { noDiscovery: true }, ssr: { noExternal: true }, logLevel: 'warn',
  });
  const { stylesheet } = await server.ssrLoadModule('/src/app/theme.ts');
  writeFileSync(join(out, 'theme.css'), stylesheet);
  await server.close();
}

globalStyles();
tokens();
await theme();
