import { expect, test } from 'vitest';
import type { Declared } from '../options/values';
import { taskOptionsOf } from './taskOptions';

const option = (name: string, group: string, actions: Declared['actions'] = []): Declared => ({ name, group, actions, type: 'TEXT', help: '', default: null, placeholder: null, choices: [], mayChange: false });

test('what locations and endpoints say is not asked again; rules of the source are', () => {
  const options = [option('source', 'locations'), option('source-region', 'source'), option('destination-proxy', 'destination'), option('create-bucket', 'destination'), option('source-prefix', 'selection'), option('delete-max', 'deletion', ['SYNC'])];
  expect(taskOptionsOf({ options }, 'COPY').map(({ name }) => name)).toEqual(['create-bucket', 'source-prefix']);
  expect(taskOptionsOf({ options }, 'SYNC').map(({ name }) => name)).toContain('delete-max');
});
