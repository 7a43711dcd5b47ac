import { useState } from 'react';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { TaskText } from '../../components/task/TaskDocuments';
import { TaskForm } from '../../components/task/TaskForm';
import { inputOf, type TaskDraft } from '../../components/task/draft';
import type { TaskStep } from '../../components/task/steps';
import { useI18n } from '../../i18n/i18n';

/** All of it once more, what the hub warns of, and the task as `dth` takes it. */
export function ReviewStep({ draft, warnings, onEdit }: { draft: TaskDraft; warnings: readonly string[]; onEdit: (step: TaskStep) => void }) {
  const { t } = useI18n();
  const [format, setFormat] = useState<'YAML' | 'CLI'>('YAML');
  const task = inputOf(draft);
  return (
    <SpaceBetween size="l">
      {warnings.length > 0 && <Alert type="warning" header={t('task.warnings')}><ul className="dth-plain">{warnings.map((each) => <li key={each}>{each}</li>)}</ul></Alert>}
      {draft.action === 'SYNC' && <Alert type="info">{t('task.sync.text')}</Alert>}
      <TaskForm task={task} actionOf={(step) => <Button ariaLabel={t('task.edit.part', { part: t(`task.step.${step}`) })} onClick={() => onEdit(step)}>{t('edit')}</Button>} />
      <Container header={<Header variant="h2" description={t('task.document.text')} actions={<SegmentedControl selectedId={format} label={t('task.document')} options={[{ id: 'YAML', text: 'YAML' }, { id: 'CLI', text: t('task.form.cli') }]} onChange={({ detail }) => setFormat(detail.selectedId as 'YAML')} />}>{t('task.document')}</Header>}>
        <TaskText task={task} format={format} />
      </Container>
    </SpaceBetween>
  );
}
