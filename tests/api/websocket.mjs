// graphql-transport-ws, as the client of graphql-ws speaks it; and what no good client does.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { run } from './hub.mjs';

const signedIn = (hub) => class extends WebSocket {
  constructor(url, protocol) { super(url, protocol, { headers: hub.authorization }); }
};
const clientOf = (hub, options = {}) => createClient({ url: hub.graphql.replace('http', 'ws'), webSocketImpl: signedIn(hub), retryAttempts: 0, ...options });

const all = async (client, query) => {
  const results = [];
  for await (const result of client.iterate({ query })) results.push(result);
  return results;
};

// A socket without a client: sends the messages, and resolves to the close frame with what came before it.
function raw(hub, messages, { protocol = 'graphql-transport-ws', headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(hub.graphql.replace('http', 'ws'), protocol, { headers: { ...hub.authorization, ...headers } });
    const received = [];
    socket.on('open', () => messages.forEach((message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message))));
    socket.on('message', (data) => received.push(JSON.parse(data)));
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString(), received }));
    socket.on('unexpected-response', (request, response) => { request.destroy(); resolve({ status: response.statusCode }); });
    socket.on('error', reject);
  });
}

const init = { type: 'connection_init' };
const subscribe = (id, query) => ({ id, type: 'subscribe', payload: { query } });

run({
  'queries': async (hub) => {
    const client = clientOf(hub);
    const [result, ...rest] = await all(client, '{ hub { version } }');
    assert.match(result.data.hub.version, /^\d+\.\d+\.\d+$/);
    assert.deepEqual(rest, []);
    await client.dispose();
  },
  'many at once on one socket': async (hub) => {
    const client = clientOf(hub);
    const results = await Promise.all(Array.from({ length: 90 }, (_, i) => all(client, `{ hub { v${i}: version } }`)));
    results.forEach(([result], i) => assert.ok(result.data.hub[`v${i}`]));
    await client.dispose();
  },
  'what cannot be executed is an error': async (hub) => {
    const client = clientOf(hub);
    await assert.rejects(all(client, '{ nope }'), (errors) => errors[0].message.startsWith('Cannot query field "nope"'));
    await assert.rejects(all(client, 'subscription { runProgress(id: "nope") { id } }'), (errors) => errors[0].extensions.code === 'NOT_FOUND');
    assert.equal((await all(client, '{ __typename }'))[0].data.__typename, 'Query');
    await client.dispose();
  },
  'a subscription to a run that is over tells it and ends': async (hub) => {
    const id = await hub.copy(3);
    const client = clientOf(hub);
    const results = await all(client, `subscription { runProgress(id: "${id}") { id state isOver counts { copied } } }`);
    assert.equal(results.length, 1);
    assert.equal(results[0].data.runProgress.id, id);
    assert.equal(results[0].data.runProgress.isOver, true);
    assert.equal(results[0].data.runProgress.counts.copied, '3');
    await client.dispose();
  },
  'pings of the client are answered': async (hub) => {
    let pongs = 0;
    const client = clientOf(hub, { lazy: false, keepAlive: 20 });
    await new Promise((resolve) => client.on('pong', () => { if (++pongs === 3) resolve(); }));
    await client.dispose();
  },
  'a bad message': async (hub) => assert.equal((await raw(hub, [init, 'no json'])).code, 4400),
  'a binary message closes the socket': async (hub) => {
    const socket = new (signedIn(hub))(hub.graphql.replace('http', 'ws'), 'graphql-transport-ws');
    const code = await new Promise((resolve) => {
      socket.on('open', () => socket.send(Buffer.from([1, 2])));
      socket.on('close', resolve);
    });
    assert.equal(code, 1003);
  },
  'a message that is too long': async (hub) => assert.equal((await raw(hub, ['x'.repeat(2 << 20)])).code, 1009),
  'no initialisation before an operation': async (hub) => assert.equal((await raw(hub, [subscribe('1', '{ __typename }')])).code, 4401),
  'no initialisation at all': async (hub) => {
    const { code, reason } = await raw(hub, []);
    assert.deepEqual([code, reason], [4408, 'Connection initialisation timeout']);
  },
  'two initialisations': async (hub) => {
    const { code, received } = await raw(hub, [init, init]);
    assert.equal(code, 4429);
    assert.deepEqual(received.map((message) => message.type), ['connection_ack']);
  },
  'no other subprotocol': async (hub) => assert.equal((await raw(hub, [], { protocol: 'graphql-ws' })).status, 400),
  'no page of another origin': async (hub) => {
    assert.equal((await raw(hub, [], { headers: { origin: 'https://evil.example' } })).status, 403);
    assert.equal((await raw(hub, [init, init], { headers: { origin: hub.url } })).code, 4429);
  },
});
