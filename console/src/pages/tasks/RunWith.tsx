import { useState } from 'react';
import { useNavigate } from '@tanstack/react-router';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Modal from '@cloudscape-design/components/modal';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { FormErrors } from '../../components/FormErrors';
import { OptionsEditor } from '../../components/options/OptionsEditor';
import { pairsOf, type Values } from '../../components/options/values';
import { optionErrorsOf } from '../../components/task/draft';
import { taskOptionsOf } from '../../components/task/taskOptions';
import { useI18n } from '../../i18n/i18n';
import { Refused } from '../../services/mutation';
import { usePlugins, useRunTasks, type Task } from '../../services/tasks';

/** One run with other options than the task's. The task stays as it is. */
export function RunWith({ task, onDismiss }: { task: Task; onDismiss: () => void }) {
  const { t, word } = useI18n();
  const navigate = useNavigate();
  const plugins = usePlugins();
  const change = useRunTasks();
  const [action, setAction] = useState(task.action);
  const [values, setValues] = useState<Values>({});
  const plugin = plugins.data?.find(({ kind }) => kind === task.kind);
  // What the task says is what counts unless something else is given here.
  const options = taskOptionsOf(plugin, action).map((option) => ({ ...option, default: task.options.filter(({ name }) => name === option.name).map(({ value }) => value).join(', ') || option.default }));
  const errors = optionErrorsOf(change.error instanceof Refused ? change.error.errors : [], values);
  const result = change.data?.runTasks.results[0];
  const run = () => change.mutate({ input: { ids: [task.id], options: pairsOf(values), action: action === task.action ? null : action } }, {
    onSuccess: ({ runTasks: { results } }) => {
      const started = results[0]?.run;
      if (!started) return;
      onDismiss();
      void navigate({ to: '/runs/$id', params: { id: started.id } });
    },
  });
  const actions = (plugin?.actions ?? []).map((each) => ({ value: each.action, label: word('action', each.action) }));
  return (
    <Modal visible size="large" header={t('task.runwith.of', { name: task.name })} onDismiss={onDismiss}
      footer={<Box float="right"><SpaceBetween direction="horizontal" size="xs"><Button variant="link" onClick={onDismiss}>{t('cancel')}</Button><Button variant="primary" loading={change.isPending} onClick={run}>{t('task.run')}</Button></SpaceBetween></Box>}>
      <SpaceBetween size="m">
        {errors.size === 0 && <FormErrors error={change.error ?? plugins.error} fields={[]} />}
        {result?.error && <Alert type="error">{result.error.message}</Alert>}
        <Box color="text-body-secondary">{t('task.runwith.text')}</Box>
        <FormField label={t('options.action')}><Select selectedOption={actions.find(({ value }) => value === action) ?? null} options={actions} onChange={({ detail }) => setAction(detail.selectedOption.value as Task['action'])} /></FormField>
        <OptionsEditor options={options} values={values} errors={errors} onChange={setValues} />
      </SpaceBetween>
    </Modal>
  );
}
