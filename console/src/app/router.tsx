import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { taskSteps, type TaskStep } from '../components/task/steps';
import { NotFoundPage } from '../pages/about/NotFoundPage';
import { PageFailure } from './PageFailure';
import { Shell } from './Shell';

type Raw = Record<string, unknown>;
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined);
const oneOf = <T extends string>(value: unknown, values: readonly T[]) => values.find((each) => each === value);
const count = (value: unknown) => (Number.isInteger(Number(value)) && Number(value) > 1 ? Number(value) : undefined);

// What an address may say, of every list: the rest is dropped.
export interface ListSearch {
  view?: string;
  /** Filter tokens, as components/filter.ts writes them. */
  filter?: string;
  sort?: string;
  page?: number;
  after?: string;
  item?: string;
}
const listSearch = (raw: Raw): ListSearch => ({
  view: text(raw.view), filter: text(raw.filter), sort: text(raw.sort), page: count(raw.page), after: text(raw.after), item: text(raw.item),
});

export const runTabs = ['progress', 'failures', 'summary', 'settings'] as const;
export const ranges = ['15m', '1h', 'run'] as const;
export interface RunSearch {
  tab?: (typeof runTabs)[number];
  range?: (typeof ranges)[number];
  item?: string;
  /** A cause of failures. */
  group?: string;
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: PageFailure });
const index = createRoute({ getParentRoute: () => root, path: '/', beforeLoad: () => { throw redirect({ to: '/overview' }); } });
const overview = createRoute({ getParentRoute: () => root, path: '/overview', component: lazyRouteComponent(() => import('../pages/overview/OverviewPage')) });
const runs = createRoute({ getParentRoute: () => root, path: '/runs', validateSearch: listSearch, component: lazyRouteComponent(() => import('../pages/runs/RunsPage')) });
const run = createRoute({
  getParentRoute: () => root, path: '/runs/$id',
  validateSearch: (raw: Raw): RunSearch => ({ tab: oneOf(raw.tab, runTabs), range: oneOf(raw.range, ranges), item: text(raw.item), group: text(raw.group) }),
  component: lazyRouteComponent(() => import('../pages/runs/RunPage')),
});
export const userTabs = ['users', 'tokens'] as const;
const users = createRoute({
  getParentRoute: () => root, path: '/users', validateSearch: (raw: Raw): { tab?: (typeof userTabs)[number] } => ({ tab: oneOf(raw.tab, userTabs) }),
  component: lazyRouteComponent(() => import('../pages/users/UsersPage')),
});
const profile = createRoute({ getParentRoute: () => root, path: '/profile', component: lazyRouteComponent(() => import('../pages/profile/ProfilePage')) });
const signIn = createRoute({
  getParentRoute: () => root, path: '/sign-in', validateSearch: (raw: Raw): { next?: string } => ({ next: text(raw.next) }),
  component: lazyRouteComponent(() => import('../pages/sign_in/SignInPage')),
});
const setup = createRoute({ getParentRoute: () => root, path: '/setup', component: lazyRouteComponent(() => import('../pages/sign_in/SetupPage')) });
const setPassword = createRoute({ getParentRoute: () => root, path: '/set-password', component: lazyRouteComponent(() => import('../pages/sign_in/SetPasswordPage')) });
const workers = createRoute({ getParentRoute: () => root, path: '/workers', validateSearch: listSearch, component: lazyRouteComponent(() => import('../pages/workers/WorkersPage')) });
const credentials = createRoute({ getParentRoute: () => root, path: '/credentials', validateSearch: listSearch, component: lazyRouteComponent(() => import('../pages/credentials/CredentialsPage')) });
export const endpointTabs = ['connection', 'contents', 'usedby'] as const;
export interface EndpointSearch { tab?: (typeof endpointTabs)[number]; path?: string }
const endpoints = createRoute({ getParentRoute: () => root, path: '/endpoints', validateSearch: listSearch, component: lazyRouteComponent(() => import('../pages/endpoints/EndpointsPage')) });
const createEndpoint = createRoute({ getParentRoute: () => root, path: '/endpoints/create', component: lazyRouteComponent(() => import('../pages/endpoints/EndpointFormPage')) });
const endpoint = createRoute({
  getParentRoute: () => root, path: '/endpoints/$id', validateSearch: (raw: Raw): EndpointSearch => ({ tab: oneOf(raw.tab, endpointTabs), path: text(raw.path) }),
  component: lazyRouteComponent(() => import('../pages/endpoints/EndpointPage')),
});
const editEndpoint = createRoute({ getParentRoute: () => root, path: '/endpoints/$id/edit', component: lazyRouteComponent(() => import('../pages/endpoints/EndpointFormPage')) });
export const taskTabs = ['progress', 'runs', 'failures', 'settings'] as const;
export const documentForms = ['form', 'yaml', 'cli'] as const;
export interface TaskSearch extends Omit<RunSearch, 'tab'> { tab?: (typeof taskTabs)[number]; form?: (typeof documentForms)[number]; after?: string; page?: number }
export interface TaskFormSearch { step?: TaskStep; from?: string }
const taskForm = (raw: Raw): TaskFormSearch => ({ step: oneOf(raw.step, taskSteps), from: text(raw.from) });
const tasks = createRoute({ getParentRoute: () => root, path: '/tasks', validateSearch: listSearch, component: lazyRouteComponent(() => import('../pages/tasks/TasksPage')) });
const createTask = createRoute({ getParentRoute: () => root, path: '/tasks/create', validateSearch: taskForm, component: lazyRouteComponent(() => import('../pages/tasks/TaskFormPage')) });
const task = createRoute({
  getParentRoute: () => root, path: '/tasks/$id',
  validateSearch: (raw: Raw): TaskSearch => ({ tab: oneOf(raw.tab, taskTabs), form: oneOf(raw.form, documentForms), range: oneOf(raw.range, ranges), item: text(raw.item), group: text(raw.group), after: text(raw.after), page: count(raw.page) }),
  component: lazyRouteComponent(() => import('../pages/tasks/TaskPage')),
});
const editTask = createRoute({ getParentRoute: () => root, path: '/tasks/$id/edit', validateSearch: taskForm, component: lazyRouteComponent(() => import('../pages/tasks/TaskFormPage')) });
const settings = createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('../pages/settings/SettingsPage')) });
const audit = createRoute({ getParentRoute: () => root, path: '/audit', validateSearch: listSearch, component: lazyRouteComponent(() => import('../pages/audit/AuditPage')) });
const about = createRoute({ getParentRoute: () => root, path: '/about', component: lazyRouteComponent(() => import('../pages/about/AboutPage')) });

export const router = createRouter({
  routeTree: root.addChildren([index, overview, tasks, createTask, task, editTask, runs, run, endpoints, createEndpoint, endpoint, editEndpoint, workers, credentials, users, audit, settings, profile, signIn, setup, setPassword, about]),
  defaultPreload: 'intent', defaultErrorComponent: PageFailure, defaultPendingMs: 150,
});
declare module '@tanstack/react-router' { interface Register { router: typeof router } }

/** Goes where a link of a Cloudscape component points, without loading the console again. */
export function follow(event: { preventDefault(): void; detail: { href?: string; external?: boolean } }) {
  const { href, external } = event.detail;
  if (external || !href?.startsWith('/')) return;
  event.preventDefault();
  void router.navigate({ href });
}
