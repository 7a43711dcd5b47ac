import { useEffect, useState } from 'react';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import SplitPanel from '@cloudscape-design/components/split-panel';
import Wizard, { type WizardProps } from '@cloudscape-design/components/wizard';
import { flash, flashAfter } from '../../app/flash';
import { Page } from '../../app/Page';
import type { TaskFormSearch } from '../../app/router';
import { forgetHere, recallHere, rememberHere } from '../../app/storage';
import { EndpointForm } from '../../components/endpoint/EndpointForm';
import { FormErrors } from '../../components/FormErrors';
import { Missing } from '../../components/Missing';
import { RegionError } from '../../components/RegionError';
import { draftOf, errorsOf, inputOf, newTask, stepOf, type TaskDraft } from '../../components/task/draft';
import { taskSteps, type TaskStep } from '../../components/task/steps';
import { useWide } from '../../components/useNarrow';
import { useI18n } from '../../i18n/i18n';
import { useEndpointKinds } from '../../services/endpoints';
import { Refused, type UserError } from '../../services/mutation';
import { useRole } from '../../services/session';
import { useCreateTask, usePlugins, useTask, useUpdateTask, validateTask, type Task } from '../../services/tasks';
import { KindStep } from './KindStep';
import { OptionsStep } from './OptionsStep';
import { PlaceStep } from './PlaceStep';
import { ReviewStep } from './ReviewStep';
import { ScheduleStep } from './ScheduleStep';

/** What was written in this tab, so that loading the page again loses nothing. */
function useDraft(key: string, first: () => TaskDraft) {
  const [draft, setDraft] = useState<TaskDraft>(() => {
    try { return { ...first(), ...(JSON.parse(recallHere(key) ?? '{}') as Partial<TaskDraft>) }; } catch { return first(); }
  });
  useEffect(() => rememberHere(key, JSON.stringify(draft)), [key, draft]);
  return [draft, setDraft] as const;
}

interface Props { task?: Task; isClone: boolean; draftKey: string; step: TaskStep; onStep: (step: TaskStep) => void; onNewEndpoint: (use: (id: string) => void) => void; onLeave: (id?: string) => void }

function TaskWizard({ task, isClone, draftKey, step, onStep, onNewEndpoint, onLeave }: Props) {
  const { t, zone } = useI18n();
  const plugins = usePlugins();
  const create = useCreateTask();
  const update = useUpdateTask();
  const edited = isClone ? undefined : task;
  const [draft, setDraft] = useDraft(draftKey, () => (task ? { ...draftOf(task, zone), ...(isClone && { name: `${task.name}-copy` }) } : newTask(zone)));
  const [errors, setErrors] = useState<readonly UserError[]>([]);
  const [failure, setFailure] = useState<Error | null>(null);
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const [isChecking, setChecking] = useState(false);
  const change = edited ? update : create;
  const index = taskSteps.indexOf(step);
  const set = (part: Partial<TaskDraft>) => {
    setDraft((known) => ({ ...known, ...part }));
    // What was said of a field is about what it held before.
    const touched = Object.keys(part);
    setErrors((known) => known.filter(({ field }) => !field?.some((name) => touched.includes(name))));
  };

  /** Goes on where the hub finds nothing wrong up to the step that is left; else to the first step with an error. */
  const check = async (to: number) => {
    setChecking(true);
    setFailure(null);
    let found: readonly UserError[] = [];
    try {
      setWarnings(await validateTask(inputOf(draft), edited?.id));
    } catch (error) {
      if (!(error instanceof Refused)) {
        setFailure(error as Error);
        return;
      }
      found = error.errors;
    } finally {
      setChecking(false);
    }
    const standing = found.filter((error) => taskSteps.indexOf(stepOf(error)) < to);
    setErrors(standing);
    const first = Math.min(...standing.map((error) => taskSteps.indexOf(stepOf(error))), to);
    onStep(taskSteps[first]);
  };
  const save = (start: boolean) => {
    setFailure(null);
    const refused = {
      onError: (error: Error) => {
        if (!(error instanceof Refused)) { setFailure(error); return; }
        setErrors(error.errors);
        const first = Math.min(...error.errors.map((each) => taskSteps.indexOf(stepOf(each))));
        if (taskSteps[first] === 'review') setFailure(error);
        onStep(taskSteps[first]);
      },
    };
    const done = (id: string | undefined, name: string) => {
      forgetHere(draftKey);
      flashAfter('success', t(edited ? 'task.saved' : start ? 'task.created.started' : 'task.created', { name }));
      onLeave(id);
    };
    const input = inputOf(draft);
    if (edited) update.mutate({ input: { id: edited.id, revision: edited.revision, task: input } }, { ...refused, onSuccess: ({ updateTask: { task: saved } }) => done(saved?.id, input.name) });
    else create.mutate({ input: { task: input, start } }, { ...refused, onSuccess: ({ createTask: { task: saved } }) => done(saved?.id, input.name) });
  };
  const navigate: WizardProps['onNavigate'] = ({ detail: { requestedStepIndex, reason } }) => {
    if (reason === 'previous' || requestedStepIndex < index) onStep(taskSteps[requestedStepIndex]);
    else void check(requestedStepIndex);
  };
  if (plugins.error) return <Box padding="l"><RegionError error={plugins.error} onRetry={() => void plugins.refetch()} /></Box>;
  const shared = (of: TaskStep) => ({ draft, set, errors: errorsOf(errors, of) });
  const place = (side: 'source' | 'destination') => <PlaceStep key={side} {...shared(side)} side={side} onNewEndpoint={() => onNewEndpoint((endpointId) => set({ [side]: { endpointId, path: '' } }))} />;
  const contents: Record<TaskStep, () => React.ReactNode> = {
    kind: () => <KindStep {...shared('kind')} plugins={plugins.data ?? []} />, source: () => place('source'), destination: () => place('destination'),
    options: () => <OptionsStep {...shared('options')} plugins={plugins.data ?? []} />, schedule: () => <ScheduleStep {...shared('schedule')} />,
    review: () => <ReviewStep draft={draft} warnings={warnings} onEdit={onStep} />,
  };
  const cancel = () => { forgetHere(draftKey); onLeave(edited?.id); };
  const isFilled = Boolean(draft.name.trim() && draft.source.endpointId && draft.source.path && draft.destination.endpointId && draft.destination.path);
  const canSkip = isFilled && index < taskSteps.length - 2;
  const isLast = index === taskSteps.length - 1;
  const general = errorsOf(errors, step).filter(({ field }) => !field?.length);
  return (
    <Wizard activeStepIndex={index} onNavigate={navigate} onCancel={cancel} onSubmit={() => save(false)} isLoadingNextStep={isChecking || change.isPending}
      secondaryActions={canSkip && <Button disabled={isChecking} onClick={() => void check(taskSteps.length - 1)}>{t('task.skip')}</Button>}
      submitButtonText={t(edited ? 'save' : 'task.create')}
      {...(isLast && !edited && {
        customPrimaryActions: (
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={cancel}>{t('cancel')}</Button>
            <Button onClick={() => onStep('schedule')}>{t('previous')}</Button>
            <Button loading={change.isPending} onClick={() => save(false)}>{t('task.create')}</Button>
            <Button variant="primary" loading={change.isPending} onClick={() => save(true)}>{t('task.create.start')}</Button>
          </SpaceBetween>
        ),
      })}
      i18nStrings={{
        stepNumberLabel: (n) => t('wizard.step', { n }), collapsedStepsLabel: (n, of) => t('wizard.steps', { n, of }), cancelButton: t('cancel'),
        previousButton: t('previous'), nextButton: t('next'), optional: t('field.optional'), navigationAriaLabel: t('wizard.label'),
      }}
      steps={taskSteps.map((id, i) => ({
        title: t(`task.step.${id}`), description: t(`task.step.text.${id}`), isOptional: id === 'options',
        content: i === index ? (
          <SpaceBetween size="l">
            <FormErrors error={failure} fields={taskSteps} />
            {general.length > 0 && !failure && <Alert type="error">{general.map(({ message }) => message).join(' ')}</Alert>}
            {contents[id]()}
          </SpaceBetween>
        ) : null,
      }))} />
  );
}

/** Makes a task, or changes or copies one: the same steps. */
export default function TaskFormPage() {
  const { t } = useI18n();
  const { viewer } = useRole();
  const { id } = useParams({ strict: false }) as { id?: string };
  const search = useSearch({ strict: false }) as TaskFormSearch;
  const navigate = useNavigate();
  const wide = useWide();
  const taskId = id ?? search.from;
  const query = useTask(taskId ?? '', Boolean(taskId));
  const kinds = useEndpointKinds();
  const [use, setUse] = useState<{ take: (id: string) => void }>();
  const title = t(id ? 'task.edit' : search.from ? 'task.clone' : 'tasks.create');
  const onStep = (step: TaskStep) => void (id
    ? navigate({ to: '/tasks/$id/edit', params: { id }, search: { step: step === 'kind' ? undefined : step } })
    : navigate({ to: '/tasks/create', search: { from: search.from, step: step === 'kind' ? undefined : step } }));
  const onLeave = (to?: string) => void (to ? navigate({ to: '/tasks/$id', params: { id: to } }) : navigate({ to: '/tasks' }));
  const isReady = !taskId || Boolean(query.data);
  const panel = use && kinds.data && (
    <SplitPanel header={t('endpoints.create')} closeBehavior="hide" hidePreferencesButton>
      <EndpointForm isNarrow kinds={kinds.data.endpointKinds} templates={kinds.data.endpointTemplates} onCancel={() => setUse(undefined)}
        onSaved={(endpoint) => { use.take(endpoint.id); setUse(undefined); flash('success', t('endpoint.created', { name: endpoint.name })); }} />
    </SplitPanel>
  );
  return (
    <Page title={title} crumbs={[{ text: t('nav.tasks'), href: '/tasks' }, ...(id && query.data ? [{ text: query.data.name, href: `/tasks/${id}` }] : [])]} needs="OPERATOR" contentType="wizard" closed
      splitPanel={panel} splitPanelOpen={Boolean(panel)} onSplitPanelToggle={({ detail }) => { if (!detail.open) setUse(undefined); }} splitPanelPreferences={{ position: wide ? 'side' : 'bottom' }} splitPanelSize={wide ? 520 : 600}>
      {taskId && query.data === null && <Missing title={t('task.missing')} text={t('endpoint.missing.text')} />}
      {taskId && !query.data && query.error && <Box padding="l"><RegionError error={query.error} onRetry={() => void query.refetch()} /></Box>}
      {taskId && query.isPending && <Box padding="l"><SpaceBetween size="l"><Skeleton /><Skeleton /></SpaceBetween></Box>}
      {isReady && (
        <TaskWizard key={taskId ?? 'new'} task={query.data ?? undefined} isClone={!id} draftKey={`task.${viewer?.user?.id ?? ''}.${id ? 'edit' : 'create'}.${taskId ?? ''}.${query.data?.revision ?? 0}`} step={search.step ?? 'kind'} onStep={onStep}
          onNewEndpoint={(take) => setUse({ take })} onLeave={onLeave} />
      )}
    </Page>
  );
}
