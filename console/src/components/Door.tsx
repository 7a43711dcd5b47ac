import { useEffect, type ReactNode } from 'react';
import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import { languages, useAppearance } from '../app/appearance';
import { useI18n } from '../i18n/i18n';

/** A page in front of the console: who comes here has not signed in. */
export function Door({ title, children }: { title: string; children: ReactNode }) {
  const { t, locale } = useI18n();
  const { theme, setTheme, setLanguage } = useAppearance();
  useEffect(() => { document.title = `${title} · ${t('app.name')}`; }, [title, t]);
  return (
    <div className="dth-door">
      <main>
        <div className="dth-brand"><img src="/favicon.svg" alt="" width="36" height="36" />{t('app.name')}</div>
        {children}
      </main>
      <Box padding={{ top: 'l' }}>
        <ButtonDropdown expandToViewport
          items={[
            { id: 'language', text: t('top.language'), items: languages.map(({ id, name }) => ({ id, itemType: 'checkbox' as const, checked: locale === id, text: name })) },
            { id: 'appearance', text: t('top.appearance'), items: (['light', 'dark', 'system'] as const).map((id) => ({ id, itemType: 'checkbox' as const, checked: theme === id, text: t(`top.${id}`) })) },
          ]}
          onItemClick={({ detail }) => {
            if (languages.some(({ id }) => id === detail.id)) setLanguage(detail.id);
            else setTheme(detail.id as typeof theme);
          }}>{t('top.appearance.label')}</ButtonDropdown>
      </Box>
    </div>
  );
}
