import { useState, type ReactNode } from 'react';
import { useNavigate } from '@tanstack/react-router';
import Box from '@cloudscape-design/components/box';
import { flash, flashAfter } from '../../app/flash';
import { saveFile } from '../../app/save';
import { useFormat, useI18n, type MessageKey } from '../../i18n/i18n';
import { taskDocument, useArchiveTasks, useDeleteTasks, usePauseTasks, useResumeTasks, useRunTasks, type Task } from '../../services/tasks';
import { Confirm } from '../Confirm';

export type TaskAct = 'run' | 'pause' | 'resume' | 'archive' | 'delete' | 'export';
type Named = Pick<Task, 'id' | 'name'>;
interface Result { id: string; error?: { message: string } | null }
const namesMax = 10;

/** "2 started. docker-hub-base-images was not: it is running already." */
export function sayResults(results: readonly Result[], tasks: readonly Named[], done: (n: number) => string, not: (name: string, why: string) => string) {
  const refused = results.filter(({ error }) => error);
  const nameOf = (id: string) => tasks.find((task) => task.id === id)?.name ?? id;
  const count = results.length - refused.length;
  const text = [...(count > 0 ? [done(count)] : []), ...refused.slice(0, namesMax).map(({ id, error }) => not(nameOf(id), error!.message))].join(' ');
  return { text, type: refused.length === 0 ? 'success' as const : count > 0 ? 'warning' as const : 'error' as const };
}

/** What can be done to tasks, one or many. What destroys asks first; everything else is done at once. */
export function useTaskActions(onDone?: () => void) {
  const { t } = useI18n();
  const f = useFormat();
  const navigate = useNavigate();
  const [asked, ask] = useState<readonly Named[]>();
  const changes = { run: useRunTasks(), pause: usePauseTasks(), resume: useResumeTasks(), archive: useArchiveTasks() };
  const remove = useDeleteTasks();
  const inputOf = (tasks: readonly Named[]) => ({ input: { ids: tasks.map(({ id }) => id) } });
  const say = (results: readonly Result[], tasks: readonly Named[], key: MessageKey, undo?: () => void) => {
    const { text, type } = sayResults(results, tasks, (n) => t(key, { n, count: f.count(n) }), (name, why) => t('tasks.not', { name, why }));
    flash(type, text, undo && type === 'success' ? { label: t('undo'), run: undo } : undefined);
    onDone?.();
  };
  const failed = { onError: (error: Error) => flash('error', error.message) };
  const keys = { run: 'tasks.run.done', pause: 'tasks.pause.done', resume: 'tasks.resume.done', archive: 'tasks.archive.done' } as const;
  const undo = { run: undefined, pause: 'resume', resume: 'pause', archive: 'resume' } as const;
  const change = (what: 'run' | 'pause' | 'resume' | 'archive', tasks: readonly Named[], isUndo = false) => {
    const back = undo[what];
    const options = {
      ...failed, onSuccess: (data: object) => say((Object.values(data)[0] as { results: Result[] }).results, tasks, keys[what], back && !isUndo ? () => change(back, tasks, true) : undefined),
    };
    changes[what].mutate(inputOf(tasks), options);
  };
  const exportAll = async (tasks: readonly Named[]) => {
    try {
      const documents: string[] = [];
      for (const { id } of tasks) documents.push(await taskDocument({ id }, 'YAML'));
      saveFile(tasks.length === 1 ? `${tasks[0].name}.yaml` : 'tasks.yaml', documents.join('---\n'), 'application/yaml');
    } catch (error) {
      flash('error', (error as Error).message);
    }
  };
  const act = (what: TaskAct, tasks: readonly Named[]) => {
    if (tasks.length === 0) return;
    if (what === 'delete') ask(tasks);
    else if (what === 'export') void exportAll(tasks);
    else change(what, tasks);
  };
  const close = () => { remove.reset(); ask(undefined); };
  const dialog: ReactNode = asked && (
    <Confirm title={t('tasks.delete.of', { n: asked.length, name: asked[0].name })} action={t('delete')} isPending={remove.isPending} error={remove.error} onDismiss={close}
      onConfirm={() => remove.mutate(inputOf(asked), {
        onSuccess: ({ deleteTasks: { results } }) => {
          const { text, type } = sayResults(results, asked, (n) => t('tasks.delete.done', { n, count: f.count(n) }), (name, why) => t('tasks.not', { name, why }));
          close();
          onDone?.();
          if (location.pathname.startsWith('/tasks/')) { if (type === 'success') { flashAfter(type, text); void navigate({ to: '/tasks' }); } else flash(type, text); } else flash(type, text);
        },
      })}>
      <ul className="dth-plain">{asked.slice(0, namesMax).map(({ id, name }) => <li key={id}><b>{name}</b></li>)}{asked.length > namesMax && <li>{t('more', { n: asked.length - namesMax })}</li>}</ul>
      <Box>{t('tasks.delete.text')}</Box>
    </Confirm>
  );
  return { act, dialog, isRunning: changes.run.isPending, isPausing: changes.pause.isPending || changes.resume.isPending };
}
