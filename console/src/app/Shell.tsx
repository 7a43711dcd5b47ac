import { useEffect, useState } from 'react';
import { Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import Box from '@cloudscape-design/components/box';
import Skeleton from '@cloudscape-design/components/skeleton';
import SpaceBetween from '@cloudscape-design/components/space-between';
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { RegionError } from '../components/RegionError';
import { useI18n } from '../i18n/i18n';
import { useSession, useSignOut } from '../services/session';
import { clearFlashes, flash } from './flash';
import { languages, useAppearance } from './appearance';
import { follow } from './router';
import { Shortcuts } from './Shortcuts';

const doors = ['/sign-in', '/setup', '/set-password'];


export function Shell() {
  const { t, locale } = useI18n();
  const { theme, setTheme, setLanguage } = useAppearance();
  const { pathname: path, href } = useRouterState({ select: (state) => state.location });
  const session = useSession();
  const signOut = useSignOut();
  const [keysShown, showKeys] = useState(false);
  useEffect(() => clearFlashes, [path]);
  const utilities: TopNavigationProps.Utility[] = [
    {
      type: 'menu-dropdown', iconName: 'settings', ariaLabel: t('top.appearance.label'), title: t('top.appearance.label'),
      items: [
        { id: 'appearance', text: t('top.appearance'), items: (['light', 'dark', 'system'] as const).map((id) => ({ id, itemType: 'checkbox', checked: theme === id, text: t(`top.${id}`) })) },
        { id: 'language', text: t('top.language'), items: languages.map(({ id, name }) => ({ id, itemType: 'checkbox', checked: locale === id, text: name })) },
      ],
      onItemClick: ({ detail }) => {
        if (languages.some(({ id }) => id === detail.id)) setLanguage(detail.id);
        else setTheme(detail.id as typeof theme);
      },
    },
    {
      type: 'menu-dropdown', iconName: 'support', ariaLabel: t('top.help'), title: t('top.help'),
      items: [{ id: 'keys', text: t('top.keys') }, { id: 'about', text: t('nav.about'), href: '/about' }],
      onItemClick: ({ detail }) => { if (detail.id === 'keys') showKeys(true); },
      onItemFollow: follow,
    },
  ];
  if (doors.includes(path)) return <Outlet />;
  const viewer = session.data?.viewer;
  if (session.data && !viewer) return session.data.signInOptions.needsSetup ? <Navigate to="/setup" /> : <Navigate to="/sign-in" search={{ next: href === '/overview' ? undefined : href }} />;
  if (viewer) {
    utilities.push({
      type: 'menu-dropdown', iconName: 'user-profile', text: viewer.user?.name ?? t(`role.${viewer.role}`), description: viewer.user?.email,
      items: [{ id: 'profile', text: t('nav.profile'), href: '/profile' }, { id: 'signout', text: t('top.signout') }],
      onItemFollow: follow, onItemClick: ({ detail }) => { if (detail.id === 'signout') signOut().catch((error: Error) => flash('error', t('top.signout.failed', { message: error.message }))); },
    });
  }
  return (
    <>
      <div id="top">
        <TopNavigation
          identity={{ href: '/overview', title: t('app.name'), logo: { src: '/favicon.svg', alt: 'dth' }, onFollow: (event) => { event.preventDefault(); follow({ preventDefault: () => undefined, detail: { href: '/overview' } }); } }}
          utilities={utilities}
        />
      </div>
      {viewer && <Outlet />}
      {!viewer && <Box padding="xxl">{session.error ? <RegionError error={session.error} onRetry={() => void session.refetch()} /> : <SpaceBetween size="l"><Skeleton /><Skeleton /></SpaceBetween>}</Box>}
      <Shortcuts shown={keysShown} onShow={showKeys} />
    </>
  );
}
