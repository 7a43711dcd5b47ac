import { expect, test } from 'vitest';
import { placeName } from './placeName';

test.each([['s3://billing-mirror/2026/', 'billing-mirror'], ['s3://b', 'b'], ['file:///srv/data/', '/srv/data/'], ['/srv/data/', '/srv/data/']])('%s is confirmed by %s', (location, name) => { expect(placeName(location)).toBe(name); });
