import { expect, test } from 'vitest';
import { checkedNext } from './next';

test.each(['/runs', '/runs/run_1?tab=failures&item=a%2Fb', '/overview', '/users?page=2'])('%s is a page', (next) => { expect(checkedNext(next)).toBe(next); });

test.each([
  '//evil.example', '/\\evil.example', 'https://evil.example/runs', 'javascript:alert(1)', '/graphql', '/sign-in', '/runs/../../graphql', '\t//evil.example',
  '/%2f%2fevil.example', undefined, 7, `/runs?${'x'.repeat(3000)}`, '/runs\n//evil.example',
])('%s is not', (next) => { expect(checkedNext(next)).toBe('/overview'); });
