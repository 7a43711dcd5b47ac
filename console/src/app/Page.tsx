import { useEffect, useState, type ReactNode } from 'react';
import { useRouterState } from '@tanstack/react-router';
import AppLayoutToolbar, { type AppLayoutToolbarProps } from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';
import { Missing } from '../components/Missing';
import { useWide } from '../components/useNarrow';
import { useFormat, useI18n, type MessageKey } from '../i18n/i18n';
import { tryNow, useConnection } from '../services/connection';
import { useRole, type Role } from '../services/session';
import { hubNow } from '../services/transport';
import { useNow } from './clock';
import { flashItem, useFlashes } from './flash';
import { follow } from './router';

export interface Crumb { text: string; href: string }
type Layout = Pick<AppLayoutToolbarProps, 'contentType' | 'splitPanel' | 'splitPanelOpen' | 'onSplitPanelToggle' | 'splitPanelPreferences' | 'splitPanelSize'>;
export interface PageProps extends Layout {
  /** Of the document and the last crumb. */
  title: string;
  crumbs?: Crumb[];
  /** The role that the page needs. */
  needs?: Role;
  /** The side navigation is closed at first: the page has one of its own. */
  closed?: boolean;
  children: ReactNode;
}

function Forbidden({ needs }: { needs: Role }) {
  const { t } = useI18n();
  const { viewer } = useRole();
  const text = t('forbidden.text', { needed: t(`role.${needs}`), role: t(`role.${viewer?.role ?? 'ANYONE'}`), email: viewer?.user?.email ?? '–' });
  return <Missing title={t('forbidden.title')} text={text} />;
}

interface Entry { href: string; text: MessageKey; needs?: Role }
const sections: Entry[][] = [
  [{ href: '/overview', text: 'nav.overview' }, { href: '/tasks', text: 'nav.tasks' }, { href: '/runs', text: 'nav.runs' }],
  [{ href: '/endpoints', text: 'nav.endpoints' }, { href: '/credentials', text: 'nav.credentials', needs: 'ADMIN' }],
  [{ href: '/workers', text: 'nav.workers' }],
  [{ href: '/users', text: 'nav.users', needs: 'ADMIN' }, { href: '/audit', text: 'nav.audit', needs: 'ADMIN' }, { href: '/settings', text: 'nav.settings', needs: 'ADMIN' }],
  [{ href: '/about', text: 'nav.about' }],
];

function useNavigationItems(): SideNavigationProps.Item[] {
  const { t } = useI18n();
  const { can } = useRole();
  return sections.map((section) => section.filter(({ needs }) => !needs || can(needs))).filter((section) => section.length > 0).flatMap((section, i) => [
    ...(i ? [{ type: 'divider' as const }] : []),
    ...section.map(({ href, text }) => ({ type: 'link' as const, href, text: t(text) })),
  ]);
}

function useNotices(): FlashbarProps.MessageDefinition[] {
  const { t } = useI18n();
  const f = useFormat();
  const connection = useConnection();
  const flashes = useFlashes();
  useNow(connection.state === 'lost');
  const notices: FlashbarProps.MessageDefinition[] = flashes.map((each) => flashItem(each, t('dismiss')));
  if (connection.upgraded) {
    notices.unshift({ id: 'upgraded', type: 'info', content: t('connection.upgraded'), buttonText: t('connection.reload'), onButtonClick: () => location.reload() });
  }
  if (connection.state === 'lost') {
    const seconds = Math.max(1, Math.ceil(((connection.nextTry ?? 0) - Date.now()) / 1000));
    notices.unshift({
      id: 'lost', type: 'warning', buttonText: t('connection.try'), onButtonClick: () => void tryNow(),
      content: t('connection.lost', { time: f.clock(new Date(connection.lastContact + hubNow() - Date.now())), n: seconds }),
    });
  }
  return notices;
}

export function Page({ title, crumbs = [], needs, closed = false, children, ...layout }: PageProps) {
  const { t } = useI18n();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const wide = useWide();
  const [open, setOpen] = useState(wide && !closed);
  const items = useNavigationItems();
  const notices = useNotices();
  const { can } = useRole();
  useEffect(() => { document.title = `${title} · ${t('app.name')}`; }, [title, t]);
  return (
    <AppLayoutToolbar
      headerSelector="#top" toolsHide
      ariaLabels={{ navigation: t('nav.label'), navigationClose: t('nav.close'), navigationToggle: t('nav.open'), notifications: t('notifications') }}
      breadcrumbs={<BreadcrumbGroup ariaLabel={t('breadcrumbs')} items={[{ text: t('app.name'), href: '/overview' }, ...crumbs, { text: title, href: path }]} onFollow={follow} />}
      notifications={notices.length > 0 && <Flashbar items={notices} />}
      navigationOpen={open} onNavigationChange={({ detail }) => setOpen(detail.open)} navigationWidth={240}
      navigation={<SideNavigation activeHref={`/${path.split('/')[1]}`} items={items} onFollow={(event) => { if (!wide) setOpen(false); follow(event); }} />}
      content={needs && !can(needs) ? <Forbidden needs={needs} /> : children} {...layout}
    />
  );
}
