import { createContext, useContext, useMemo, type ReactNode } from 'react';
import IntlMessageFormat from 'intl-messageformat';
import type { MessageKey, Messages } from './en';
import { createFormat } from './format';
import type { HubSection, HubTexts } from './hub';

export type { MessageKey } from './en';
export type Translate = (key: MessageKey, values?: Record<string, string | number>) => string;
export interface I18n {
  locale: string;
  zone: string;
  t: Translate;
  /** Of a name that came from the hub, which may be newer than this page: the text where there is one, else the name itself. */
  word: (prefix: string, name: string) => string;
  /** What the hub says of a name, in the reader's language where this page knows it. */
  hubText: (section: HubSection, name: string, said: string) => string;
}
const Context = createContext<I18n | null>(null);

export function createI18n(locale: string, messages: Messages, zone: string, hubTexts: HubTexts = {}): I18n {
  const cache = new Map<string, IntlMessageFormat>();
  const t: Translate = (key, values) => {
    const text = messages[key];
    if (!values && !text.includes('{')) return text;
    let format = cache.get(key);
    if (!format) cache.set(key, (format = new IntlMessageFormat(text, locale)));
    return String(format.format(values));
  };
  return {
    locale, zone, t,
    word: (prefix, name) => (`${prefix}.${name}` in messages ? t(`${prefix}.${name}` as MessageKey) : name),
    hubText: (section, name, said) => hubTexts[section]?.[name] ?? said,
  };
}
export function AppI18nProvider({ value, children }: { value: I18n; children: ReactNode }) {
  return <Context.Provider value={value}>{children}</Context.Provider>;
}
export function useI18n(): I18n {
  const value = useContext(Context);
  if (!value) throw new Error('useI18n() is used outside of AppI18nProvider');
  return value;
}
export function useFormat() {
  const { locale, t, zone } = useI18n();
  return useMemo(() => createFormat(locale, t, zone), [locale, t, zone]);
}
