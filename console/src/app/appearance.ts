import { useEffect, useState, useSyncExternalStore } from 'react';
import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { recall, remember } from './storage';

export type ThemeChoice = 'light' | 'dark' | 'system';
export const languages = [{ id: 'en', name: 'English' }, { id: 'zh-CN', name: '简体中文' }] as const;

const dark = matchMedia('(prefers-color-scheme: dark)');
const subscribe = (listener: () => void) => {
  dark.addEventListener('change', listener);
  return () => dark.removeEventListener('change', listener);
};

/** public/theme.js does the same before the first paint. */
export function useAppearance() {
  const [theme, setTheme] = useState<ThemeChoice>(() => (recall('theme') as ThemeChoice | undefined) ?? 'system');
  const isSystemDark = useSyncExternalStore(subscribe, () => dark.matches);
  useEffect(() => {
    applyMode(theme === 'dark' || (theme === 'system' && isSystemDark) ? Mode.Dark : Mode.Light);
    remember('theme', theme);
  }, [theme, isSystemDark]);
  const setLanguage = (id: string) => {
    remember('language', id);
    location.reload();
  };
  return { theme, setTheme, setLanguage };
}

export function chosenLanguage(): 'en' | 'zh-CN' {
  const chosen = recall('language');
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  const first = navigator.languages.find((each) => /^(en|zh)\b/i.test(each)) ?? 'en';
  return /^zh/i.test(first) ? 'zh-CN' : 'en';
}
