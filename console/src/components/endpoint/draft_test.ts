import { expect, test } from 'vitest';
import type { EndpointKind, EndpointTemplate } from '../../services/endpoints';
import type { Declared } from '../options/values';
import { fieldsOf, fromTemplate, inputOf, missingOf } from './draft';

const option = (name: string): Declared => ({ name, type: 'TEXT', group: '', help: '', default: null, placeholder: null, choices: [], actions: [], mayChange: true });
const kind: EndpointKind = { name: 's3', noun: 'bucket', hasServer: true, credentialKinds: [], options: ['endpoint-url', 'region', 'addressing'].map(option) };
const ceph: EndpointTemplate = { name: 'ceph', title: 'Ceph', kind: 's3', help: '', documentation: null, options: [{ name: 'addressing', value: 'path' }], asks: ['endpoint-url'] };
const local: EndpointTemplate = { ...ceph, name: 'local', kind: 'file', options: [], asks: [] };

test('a vendor brings its options, and another one keeps what the reader gave', () => {
  const first = { ...fromTemplate(ceph), name: 'fra1', credentialId: 'credential_1', labels: 'team=media' };
  expect(inputOf(first)).toEqual({ name: 'fra1', kind: 's3', vendor: 'ceph', description: '', options: [{ name: 'addressing', value: 'path' }], credentialId: 'credential_1', labels: [{ name: 'team', value: 'media' }] });
  expect(fromTemplate({ ...ceph, name: 'minio' }, first)).toMatchObject({ name: 'fra1', vendor: 'minio', credentialId: 'credential_1' });
  // A credential of another kind of store is of no use.
  expect(fromTemplate(local, first)).toMatchObject({ kind: 'file', credentialId: undefined });
});
test('what a vendor needs is asked first', () => {
  const { asked, folded } = fieldsOf(kind, ceph, {});
  expect([asked, folded].map((each) => each.map(({ name }) => name))).toEqual([['endpoint-url'], ['region', 'addressing']]);
  expect(missingOf(asked, { 'endpoint-url': [' '] })).toHaveLength(1);
  expect(missingOf(asked, { 'endpoint-url': ['http://a'] })).toHaveLength(0);
});
