// Server-sent events, as curl -N and EventSource see them.
import assert from 'node:assert/strict';
import { run } from './hub.mjs';

async function events(hub, query, options = {}) {
  const response = await fetch(`${hub.url}/graphql/stream?${new URLSearchParams({ query })}`, { ...options, headers: { accept: 'text/event-stream', ...hub.authorization, ...options.headers } });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), text,
    events: response.status !== 200 ? [] : text.split('\n\n').filter((block) => block && !block.startsWith(':')).map((block) => {
      const [, name, data] = block.match(/^event: (\w+)\ndata:(?: (.*))?$/);
      return [name, data ? JSON.parse(data) : undefined];
    }) };
}

run({
  'a query is one event': async (hub) => {
    const { status, type, events: told } = await events(hub, '{ hub { version } }');
    assert.equal(status, 200);
    assert.match(type, /^text\/event-stream/);
    assert.deepEqual(told.map(([name]) => name), ['next', 'complete']);
    assert.ok(told[0][1].data.hub.version);
  },
  'a subscription to a run that is over': async (hub) => {
    const id = await hub.copy(2);
    const { events: told } = await events(hub, `subscription { runProgress(id: "${id}") { counts { copied } } }`);
    assert.deepEqual(told, [['next', { data: { runProgress: { counts: { copied: '2' } } } }], ['complete', undefined]]);
  },
  'errors are told in the stream': async (hub) => {
    const { status, events: told } = await events(hub, '{ nope }');
    assert.equal(status, 200);
    assert.match(told[0][1].errors[0].message, /Cannot query field/);
  },
  'only for those that take it': async (hub) => {
    const { status } = await events(hub, '{ hub { version } }', { headers: { accept: 'application/json' } });
    assert.equal(status, 406);
  },
});
