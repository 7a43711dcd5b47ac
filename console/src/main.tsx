import './generated_style/global.css';
import './generated_style/theme.css';
import './generated_style/tokens.css';
import './app/app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { I18nProvider, type I18nProviderProps } from '@cloudscape-design/components/i18n';
import { chosenLanguage } from './app/appearance';
import { router } from './app/router';
import type { Messages } from './i18n/en';
import type { HubTexts } from './i18n/hub';
import { AppI18nProvider, createI18n } from './i18n/i18n';
import { onReturn, startConnection } from './services/connection';
import { endSession } from './services/session';
import { ApiError, hubVersion } from './services/transport';

interface Bundle { app: Messages; hub: HubTexts; cloudscape: I18nProviderProps['messages'] }
// Each language is one chunk with both catalogues, Cloudscape's and ours: only that of the reader is loaded.
const bundles: Record<ReturnType<typeof chosenLanguage>, () => Promise<Bundle>> = {
  en: () => import('./i18n/bundle-en'),
  'zh-CN': () => import('./i18n/bundle-zh-CN'),
};
const retriesMax = 2;

async function start() {
  const locale = chosenLanguage();
  const { app, hub, cloudscape } = await bundles[locale]();
  document.documentElement.lang = locale;
  const i18n = createI18n(locale, app, Intl.DateTimeFormat().resolvedOptions().timeZone, hub);
  const queries: QueryClient = new QueryClient({
    // The session ended elsewhere: the shell leads to the sign-in, and back to this page.
    queryCache: new QueryCache({ onError: (error) => { if (error instanceof ApiError && error.kind === 'UNAUTHENTICATED') endSession(queries); } }),
    defaultOptions: {
      queries: {
        // What the hub refused it refuses again. A longer silence ends with services/connection.ts, which has all fetched again.
        retry: (count, error) => !(error instanceof ApiError && error.kind !== 'UNREACHABLE') && count < retriesMax,
        staleTime: 1_000,
      },
    },
  });
  startConnection(hubVersion);
  onReturn(() => void queries.invalidateQueries());
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <AppI18nProvider value={i18n}>
          <I18nProvider locale={locale} messages={cloudscape}>
            <RouterProvider router={router} />
          </I18nProvider>
        </AppI18nProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
void start();
