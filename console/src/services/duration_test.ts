import { expect, test } from 'vitest';
import { secondsOf } from './duration';

test.each([['PT90S', 90], ['PT1.5S', 1.5], ['PT1H30M', 5400], ['P1DT2S', 86_402], ['PT0S', 0]])('%s', (text, seconds) => { expect(secondsOf(text)).toBe(seconds); });
test('what is no duration is not zero', () => { expect(secondsOf('90')).toBeNaN(); });
