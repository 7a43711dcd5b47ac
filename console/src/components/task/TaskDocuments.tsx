import { useI18n } from '../../i18n/i18n';
import { useTaskDocument, type DocumentFormat, type TaskInput } from '../../services/tasks';
import { Code } from '../parts';
import { FormErrors } from '../FormErrors';

/** The task as `dth` takes it, made by the hub. */
export function TaskText({ id, task, format }: { id?: string; task?: TaskInput; format: DocumentFormat }) {
  const { t } = useI18n();
  const query = useTaskDocument({ id, task }, format);
  if (query.error) return <FormErrors error={query.error} fields={[]} />;
  return <Code text={query.data ?? t('loading')} />;
}
