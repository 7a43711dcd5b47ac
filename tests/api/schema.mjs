// The API's schema, as the reference implementation reads it from the hub, is schema.graphql.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { Hub, run } from './hub.mjs';

const sdl = readFileSync(fileURLToPath(new URL('../../src/api/schema.graphql', import.meta.url)), 'utf8');
const printed = (schema) => printSchema(lexicographicSortSchema(schema));

run({
  'introspection gives the schema back': async (hub) => {
    const data = await hub.ask(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }));
    assert.equal(printed(buildClientSchema(data)), printed(buildSchema(sdl)));
  },
  'it can be switched off, and says so': async () => {
    const hub = await Hub.start('--introspection=off');
    const response = await fetch(hub.graphql, {
      method: 'POST', headers: { 'content-type': 'application/json', ...hub.authorization }, body: JSON.stringify({ query: getIntrospectionQuery() }),
    });
    const body = await response.json();
    assert.equal(body.data, undefined);
    assert.equal(body.errors[0].extensions.code, 'PERMISSION_DENIED');
    await hub.ask('{ hub { version } }');
    await hub.stop();
  },
});
