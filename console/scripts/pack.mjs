// node pack.mjs DIST OUT: makes of a built console what dth embeds: OUT/console_pack.bin, its files with their compressed variants one
// after the other, and OUT/console_pack.cc, a table of them and the assembler directive that includes the former.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [dist, out] = process.argv.slice(2);
if (!dist || !out) throw new Error('usage: node pack.mjs DIST OUT');

function filesOf(directory, path = '') {
  return readdirSync(join(directory, path)).toSorted().flatMap((name) => {
    const file = path + name;
    return statSync(join(directory, file)).isDirectory() ? filesOf(directory, `${file}/`) : [file];
  });
}

const parts = [];
const rows = [];
let offset = 0;
function add(path, bytes) {
  rows.push(`      {"${path}", {dth_console_pack + ${offset}, ${bytes.length}}},`);
  parts.push(bytes);
  offset += bytes.length;
}
for (const path of filesOf(dist)) {
  const bytes = readFileSync(join(dist, path));
  add(path, bytes);
  if (/\.(woff2|png)$/.test(path)) continue; // compressed already
  add(`${path}.br`, brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }));
  add(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}
const pack = Buffer.concat(parts);
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'console_pack.bin'), pack);
writeFileSync(join(out, 'console_pack.cc'), `// Made by console/scripts/pack.mjs. The pack: SHA-256 ${createHash('sha256').update(pack).digest('hex')}.
#include "api/console_pack.h"

// DTH_CONSOLE_PACK is the path of console_pack.bin, given by the build.
asm(".section .rodata\\n"
    ".balign 16\\n"
    ".global dth_console_pack\\n"
    "dth_console_pack:\\n"
    ".incbin \\"" DTH_CONSOLE_PACK "\\"\\n"
    ".previous\\n");
extern "C" const char dth_console_pack[];

namespace dth::api {

std::span<const ConsoleFile> embedded_console() {
  static const ConsoleFile files[] = {
${rows.join('\n')}
  };
  return files;
}

}  // namespace dth::api
`);
console.log(`console: ${rows.length} files, ${pack.length} bytes embedded`);
