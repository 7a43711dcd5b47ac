import { useEffect, useState } from 'react';
import { Outlet, useRouterState } from '@tanstack/react-router';
import TopNavigation, { type TopNavigationProps } from '@cloudscape-design/components/top-navigation';
import { useI18n } from '../i18n/i18n';
import { clearFlashes } from './flash';
import { languages, useAppearance } from './appearance';
import { follow } from './router';
import { Shortcuts } from './Shortcuts';


export function Shell() {
  const { t, locale } = useI18n();
  const { theme, setTheme, setLanguage } = useAppearance();
  const path = useRouterState({ select: (state) => state.location.pathname });
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
  return (
    <>
      <div id="top">
        <TopNavigation
          identity={{ href: '/overview', title: t('app.name'), logo: { src: '/favicon.svg', alt: 'dth' }, onFollow: (event) => { event.preventDefault(); follow({ preventDefault: () => undefined, detail: { href: '/overview' } }); } }}
          utilities={utilities}
        />
      </div>
      <Outlet />
      <Shortcuts shown={keysShown} onShow={showKeys} />
    </>
  );
}
