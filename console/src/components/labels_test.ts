import { expect, test } from 'vitest';
import { parseLabels, writeLabels } from './labels';

test('labels are typed and written the same way', () => {
  const labels = [{ name: 'team', value: 'media' }, { name: 'urgent', value: '' }];
  expect(parseLabels(' team=media, urgent ,')).toEqual(labels);
  expect(parseLabels('team: media')).toEqual([labels[0]]);
  expect(parseLabels(writeLabels(labels))).toEqual(labels);
});
