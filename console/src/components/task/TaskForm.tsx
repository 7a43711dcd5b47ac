import type { ReactNode } from 'react';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Link from '@cloudscape-design/components/link';
import { follow } from '../../app/router';
import { useI18n } from '../../i18n/i18n';
import { useEndpoints, endpointsMax } from '../../services/endpoints';
import type { ScheduleInput, TaskInput } from '../../services/tasks';
import { labelOf } from '../options/values';
import { Dash, Labels } from '../parts';
import { NextRuns } from '../schedule/NextRuns';
import { needsZone } from '../schedule/words';
import type { TaskStep } from './steps';
import { useScheduleWords } from './TaskCells';

interface Props {
  task: TaskInput;
  /** What stands at the head of each part: a button that leads to its step. */
  actionOf?: (step: TaskStep) => ReactNode;
}

/** All that a task says, to be read. */
export function TaskForm({ task, actionOf }: Props) {
  const { t, word } = useI18n();
  const endpoints = useEndpoints(endpointsMax);
  const words = useScheduleWords();
  const schedule: ScheduleInput = task.schedule ?? { kind: 'MANUAL', overlap: 'SKIP', missed: 'RUN_ONCE' };
  const said = { ...schedule, at: schedule.at ?? null, everyCount: schedule.everyCount ?? null, everyUnit: schedule.everyUnit ?? null, anchor: null, cron: schedule.cron ?? null, zone: schedule.zone ?? '', overlap: schedule.overlap ?? 'SKIP' as const, missed: schedule.missed ?? 'RUN_ONCE' as const };
  const optionLabel = (name: string) => { const known = word('option', name); return known === name ? labelOf(name) : known; };
  const endpointOf = (id: string) => { const found = endpoints.data?.nodes.find((each) => each.id === id); return found ? <Link href={`/endpoints/${id}`} onFollow={follow}>{found.name}</Link> : id || <Dash />; };
  const part = (step: TaskStep, title: string, items: { label: string; value: ReactNode }[], more?: ReactNode) => (
    <Container key={step} header={<Header variant="h2" actions={actionOf?.(step)}>{title}</Header>}><SpaceBetween size="l">{items.length > 0 && <KeyValuePairs columns={3} items={items} />}{more}</SpaceBetween></Container>
  );
  const place = (step: 'source' | 'destination') => part(step, t(`options.${step}`), [{ label: t('endpoint.title'), value: endpointOf(String(task[step].endpointId)) }, { label: t('task.path'), value: task[step].path ? <span className="dth-wrap">{task[step].path}</span> : <Dash /> }]);
  return (
    <SpaceBetween size="l">
      {part('kind', t('task.part.kind'), [
        { label: t('field.thing'), value: task.name || <Dash /> }, { label: t('options.kind'), value: word('kind', `${task.kind}.${task.action}`) }, { label: t('field.labels'), value: <Labels labels={task.labels ?? []} /> },
        ...(task.description ? [{ label: t('field.description'), value: task.description }] : []),
      ])}
      {place('source')}
      {place('destination')}
      {part('options', t('options.title'), (task.options ?? []).map(({ name, value }) => ({ label: optionLabel(name), value: <span className="dth-wrap">{value}</span> })), (task.options ?? []).length === 0 ? <span className="dth-muted">{t('endpoint.settings.none')}</span> : undefined)}
      {part('schedule', t('task.part.schedule'), schedule.kind === 'MANUAL' ? [] : [
        { label: t('schedule.when'), value: words(said) }, ...(needsZone(said) || schedule.kind === 'ONCE' ? [{ label: t('schedule.zone'), value: schedule.zone || <Dash /> }] : []),
        { label: t('schedule.overlap'), value: t(`schedule.overlap.${schedule.overlap ?? 'SKIP'}`) }, { label: t('schedule.missed'), value: t(`schedule.missed.${schedule.missed ?? 'RUN_ONCE'}`) },
      ], <NextRuns schedule={schedule} />)}
    </SpaceBetween>
  );
}
