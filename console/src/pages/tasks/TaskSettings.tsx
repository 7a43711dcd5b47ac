import { useNavigate } from '@tanstack/react-router';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { documentForms } from '../../app/router';
import { Copy, Dash, Time } from '../../components/parts';
import { OperatorButton } from '../../components/run/RunActions';
import { TaskText } from '../../components/task/TaskDocuments';
import { TaskForm } from '../../components/task/TaskForm';
import { draftOf, inputOf } from '../../components/task/draft';
import { useI18n } from '../../i18n/i18n';
import { useRole } from '../../services/session';
import type { Task } from '../../services/tasks';
import { Policies } from './Policies';

/** The task as it is set up, to be read: as a form, as YAML, as a command. */
export function TaskSettings({ task, form, onForm }: { task: Task; form: (typeof documentForms)[number]; onForm: (form: (typeof documentForms)[number]) => void }) {
  const { t, zone } = useI18n();
  const { can } = useRole();
  const navigate = useNavigate();
  return (
    <SpaceBetween size="l">
      <div className="dth-row between">
        <SegmentedControl selectedId={form} label={t('task.document')} options={documentForms.map((id) => ({ id, text: t(`task.form.${id}`) }))} onChange={({ detail }) => onForm(detail.selectedId as 'yaml')} />
        <OperatorButton onClick={() => void navigate({ to: '/tasks/$id/edit', params: { id: task.id } })}>{t('edit')}</OperatorButton>
      </div>
      {form === 'form' ? <TaskForm task={inputOf(draftOf(task, zone))} /> : <Container header={<Header variant="h2" description={t('task.document.text')}>{t('task.document')}</Header>}><TaskText id={task.id} format={form === 'yaml' ? 'YAML' : 'CLI'} /></Container>}
      {can('OPERATOR') && task.source.url.startsWith('s3://') && <Policies task={task} />}
      <Container header={<Header variant="h2">{t('task.history')}</Header>}>
        <KeyValuePairs columns={3} items={[
          { label: t('tasks.col.by'), value: <>{task.createdBy || <Dash />} · <Time at={task.createdAt} /></> }, { label: t('field.updated'), value: <>{task.updatedBy || <Dash />} · <Time at={task.updatedAt} /></> },
          { label: t('task.id'), value: <Copy text={task.id} /> },
        ]} />
      </Container>
    </SpaceBetween>
  );
}
