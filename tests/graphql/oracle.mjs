// The comparison of our GraphQL engine with the reference implementation: node oracle.mjs DRIVER [SEED [COUNT]]
//
// Both sides are given the same documents; what they answer to parsing, validating and executing has to be the same:
// valid or not, messages, locations, paths, data. Ends with "N passed, N failed"; a failure shows both answers and the
// seed that makes the document.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { comparisons } from './compare.mjs';
import { Generator, mutate, noise } from './generate.mjs';
import { Random } from './random.mjs';
import { specificationDocuments, specificationSchema } from './specification.mjs';
import { schemaTexts } from './schemas.mjs';

const require = createRequire(import.meta.url);
let graphql;
try {
  graphql = require('graphql');
} catch {
  console.error('The package "graphql" is missing: run tools/install_packages.sh oracle, then again.');
  process.exit(1);
}
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const [driverPath, firstSeed = '1', count = '2500'] = process.argv.slice(2);
if (!driverPath) {
  console.error('usage: node oracle.mjs DRIVER [SEED [COUNT]]');
  process.exit(2);
}

// The driver answers lines in order: a bounded number of questions is under way.
class Driver {
  constructor(path) {
    this.child = spawn(path, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift().resolve(JSON.parse(line)));
    this.child.on('exit', (code) => this.waiting.forEach((w) => w.reject(new Error(`the driver ended with ${code}`))));
  }
  ask(question) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }
  end() { this.child.stdin.end(); }
}

const driver = new Driver(driverPath);
const data = JSON.parse(readFileSync(here('fixtures/data.json'), 'utf8'));
await driver.ask({ op: 'data', table: data });
const compare = comparisons(graphql, require, driver, data);

let passed = 0;
const failures = [];
async function check(name, comparison) {
  const difference = await comparison;
  if (difference === undefined) {
    ++passed;
  } else {
    failures.push(`${name}\n${difference}`);
    if (failures.length <= 20) console.log(`FAILED ${failures.at(-1)}\n`);
  }
}

const sdl = readFileSync(here('fixtures/zoo.graphql'), 'utf8');
const zoo = graphql.buildSchema(sdl);
await check('schema zoo', compare.schema('zoo', sdl));
await check('introspection of zoo', compare.introspection('zoo', zoo));
await check('schema of the specification', compare.schema('specification', specificationSchema));
const specification = graphql.buildSchema(specificationSchema);
for (const document of specificationDocuments) {
  await check(`specification: ${document}`, compare.parse(document));
  await check(`specification: ${document}`, compare.validate('specification', specification, document));
}
for (const text of schemaTexts) await check('a schema', compare.schema('other', text));

const tally = { valid: 0, invalid: 0, unparsed: 0, 'not judged': 0, executed: 0 };
for (let seed = Number(firstSeed); seed < Number(firstSeed) + Number(count); ++seed) {
  const random = new Random(seed);
  const generated = new Generator(graphql, zoo, seed).document();
  const name = `seed ${seed}`;
  await check(`${name}: parse`, compare.parse(generated.document));
  const verdict = compare.verdict(zoo, generated.document);
  ++tally[verdict];
  await check(`${name}: validate`, compare.validate('zoo', zoo, generated.document));
  if (verdict === 'valid') {
    ++tally.executed;
    await check(`${name}: execute`, compare.execute('zoo', zoo, generated.document, generated.variables));
  }
  const damaged = mutate(generated.document, random);
  await check(`${name}: parse damaged`, compare.parse(damaged));
  ++tally[compare.verdict(zoo, damaged)];
  await check(`${name}: validate damaged`, compare.validate('zoo', zoo, damaged));
  await check(`${name}: parse noise`, compare.parse(noise(random)));
  if (seed % 3 === 0) {
    const text = mutate(random.chance(50) ? sdl : random.pick(schemaTexts), random);
    await check(`${name}: parse schema`, compare.parse(text));
    await check(`${name}: schema`, compare.schema('damaged', text));
  }
}
driver.end();
// The comparison is worth something only if there was enough to compare.
const judged = tally.valid + tally.invalid;
if (tally.executed * 5 < Number(count) || tally['not judged'] * 100 > judged + 100) failures.push('too few documents could be compared');
console.log(`seeds ${firstSeed} to ${Number(firstSeed) + Number(count) - 1}: documents ${JSON.stringify(tally)}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
