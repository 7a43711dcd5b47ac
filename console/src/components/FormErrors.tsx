import Alert from '@cloudscape-design/components/alert';
import { Refused } from '../services/mutation';
import { RegionError } from './RegionError';

/** What is wrong with a form as a whole; what is wrong with one of its `fields` stands beside it. */
export function FormErrors({ error, fields }: { error: Error | null; fields: readonly string[] }) {
  if (!error) return null;
  if (!(error instanceof Refused)) return <RegionError error={error} />;
  const others = error.others(fields);
  return others.length > 0 ? <Alert type="error">{others.join(' ')}</Alert> : null;
}
export const errorOf = (error: Error | null, field: string) => (error instanceof Refused ? error.of(field) : undefined);
