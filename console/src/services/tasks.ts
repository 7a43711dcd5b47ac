import { keepPreviousData, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import {
  ArchiveTasksDocument, type CountPartsFragment, CreateTaskDocument, DeleteTasksDocument, PauseTasksDocument, PluginsDocument,
  type PluginsQuery, ResumeTasksDocument, RunTasksDocument, SchedulePreviewDocument, type ScheduleInput, type SchedulePartsFragment, type SchedulePreviewQuery,
  TaskCountsDocument, TaskDocument, TaskDocumentDocument, type TaskFilter, type TaskInput, TaskListChangedDocument, TaskNamesDocument, type TaskOrder,
  type TaskRowFragment, type TaskRunFragment, type TasksQuery, TasksChangedDocument, TasksDocument, UpdateTaskDocument, ValidateTaskDocument,
} from './generated/graphql';
import { publishTasks } from './liveTasks';
import { send, useKeyedChange } from './mutation';
import { useSubscription } from './socket';
import { request } from './transport';

export type Task = TaskRowFragment;
export type TaskRun = TaskRunFragment;
export type TaskCounts = CountPartsFragment;
export type Schedule = SchedulePartsFragment;
export type Plugin = PluginsQuery['plugins'][number];
export type Preview = NonNullable<SchedulePreviewQuery['schedulePreview']['preview']>;
export type { ScheduleInput, TaskFilter, TaskInput, TaskOrder };
export const taskViews = ['ALL', 'RUNNING', 'ATTENTION', 'PAUSED', 'ARCHIVED'] as const satisfies readonly TaskFilter['view'][];

type Page = TasksQuery['tasks'];
const watchedMax = 100;
const touched = ['tasks', 'task', 'taskCounts', 'runs', 'run', 'overview'];

function patch(client: QueryClient, task: Task) {
  publishTasks([task]);
  client.setQueriesData<Task | null>({ queryKey: ['task', task.id] }, (known) => (known ? task : known));
}

/** Which tasks are on a page. How they stand, each row knows: services/liveTasks.ts. */
export interface TaskPage { ids: readonly string[]; totalCount: Page['totalCount']; pageInfo: Page['pageInfo'] }
const taskPageOf = ({ nodes, totalCount, pageInfo }: Page): TaskPage => ({ ids: nodes.map(({ id }) => id), totalCount, pageInfo });

/** A page of tasks, whose rows follow the hub. What comes and goes is for the reader to ask for. */
export function useTasks(first: number, after: string | undefined, filter: TaskFilter, orderBy: TaskOrder) {
  const client = useQueryClient();
  const query = useQuery<Page, Error, TaskPage>({
    queryKey: ['tasks', first, after, filter, orderBy], placeholderData: keepPreviousData, select: taskPageOf,
    queryFn: ({ signal }) => request(TasksDocument, { first, after: after ?? null, filter, orderBy }, signal).then((data) => {
      publishTasks(data.tasks.nodes);
      return data.tasks;
    }),
  });
  const ids = (query.data?.ids ?? []).slice(0, watchedMax);
  const refetch = () => void query.refetch({ cancelRefetch: false });
  useSubscription(TasksChangedDocument, { ids }, ids.length > 0, ({ tasksChanged }) => patch(client, tasksChanged), refetch, true);
  useSubscription(TaskListChangedDocument, { filter }, query.isSuccess, ({ taskListChanged }) => {
    client.setQueryData<TaskCounts>(['taskCounts'], taskListChanged.counts);
    refetch();
  }, () => void client.invalidateQueries({ queryKey: ['taskCounts'] }));
  return query;
}
export function useTaskCounts() {
  return useQuery<TaskCounts>({ queryKey: ['taskCounts'], queryFn: ({ signal }) => request(TaskCountsDocument, {}, signal).then((data) => data.taskCounts) });
}
/** The task, live; null where there is none. */
export function useTask(id: string, enabled = true) {
  const client = useQueryClient();
  const query = useQuery<Task | null>({ queryKey: ['task', id], enabled, queryFn: ({ signal }) => request(TaskDocument, { id }, signal).then((data) => data.task ?? null) });
  const refetch = () => void query.refetch({ cancelRefetch: false });
  useSubscription(TasksChangedDocument, { ids: [id] }, enabled && Boolean(query.data), ({ tasksChanged }) => patch(client, tasksChanged), refetch, true);
  // A task that is deleted sends no change of itself: the list of tasks does.
  useSubscription(TaskListChangedDocument, { filter: {} }, enabled && Boolean(query.data), refetch, () => undefined);
  return query;
}
const namesMax = 20;
/** Tasks whose names hold what was typed, to choose from. */
export function useTaskNames(text: string) {
  return useQuery<Pick<Task, 'id' | 'name'>[]>({ queryKey: ['taskNames', text], placeholderData: keepPreviousData, queryFn: ({ signal }) => request(TaskNamesDocument, { first: namesMax, text }, signal).then((data) => data.tasks.nodes) });
}
export function usePlugins() {
  return useQuery({ queryKey: ['plugins'], staleTime: Infinity, queryFn: ({ signal }) => request(PluginsDocument, {}, signal).then((data) => data.plugins) });
}

export type DocumentFormat = 'YAML' | 'CLI';
export const taskDocument = (what: { id?: string; task?: TaskInput }, format: DocumentFormat, signal?: AbortSignal) =>
  request(TaskDocumentDocument, { id: what.id ?? null, task: what.task ?? null, format }, signal).then((data) => data.taskDocument);
/** The task as the command line takes it. */
export function useTaskDocument(what: { id?: string; task?: TaskInput }, format: DocumentFormat, enabled = true) {
  return useQuery({ queryKey: ['task', what.id ?? '', 'document', format, what.task], enabled, gcTime: 0, retry: false, queryFn: ({ signal }) => taskDocument(what, format, signal) });
}
/** When a schedule would run next; what is wrong with it is an error. */
export function useSchedulePreview(schedule: ScheduleInput, enabled: boolean) {
  return useQuery({
    queryKey: ['schedulePreview', schedule], enabled, placeholderData: keepPreviousData, retry: false, gcTime: 0,
    queryFn: () => send(SchedulePreviewDocument, { schedule }).then((data) => data.schedulePreview.preview ?? null),
  });
}
/** What the hub says of a task that is not saved yet: warnings, or Refused with what is wrong. */
export const validateTask = (task: TaskInput, id?: string) => send(ValidateTaskDocument, { input: { task, id: id ?? null } }).then((data) => data.validateTask.warnings);
export const useCreateTask = () => useKeyedChange(CreateTaskDocument, touched);
export const useUpdateTask = () => useKeyedChange(UpdateTaskDocument, touched);
export const useRunTasks = () => useKeyedChange(RunTasksDocument, touched, true);
export const usePauseTasks = () => useKeyedChange(PauseTasksDocument, touched, true);
export const useResumeTasks = () => useKeyedChange(ResumeTasksDocument, touched, true);
export const useArchiveTasks = () => useKeyedChange(ArchiveTasksDocument, touched, true);
export const useDeleteTasks = () => useKeyedChange(DeleteTasksDocument, touched);
