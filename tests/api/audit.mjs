// GraphQL over HTTP as the audits of graphql-http see it: every MUST, SHOULD and MAY.
import assert from 'node:assert/strict';
import { serverAudits } from 'graphql-http';
import { run } from './hub.mjs';

run({
  'every audit passes': async (hub) => {
    const audits = serverAudits({ url: hub.graphql, fetchFn: (url, options = {}) => fetch(url, { ...options, headers: { ...options.headers, ...hub.authorization } }) });
    assert.ok(audits.length > 50, `only ${audits.length} audits`);
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const failures = results.filter((result) => result.status !== 'ok').map((result) => `${result.id} ${result.name}: ${result.reason}`);
    console.log(`${results.length - failures.length} of ${results.length} audits`);
    assert.deepEqual(failures, []);
  },
});
