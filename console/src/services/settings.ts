import { useQuery } from '@tanstack/react-query';
import { SettingsDocument, type SettingsQuery } from './generated/graphql';
import { request } from './transport';

export type Setting = SettingsQuery['settings'][number];

export function useSettings() {
  return useQuery({ queryKey: ['settings'], queryFn: ({ signal }) => request(SettingsDocument, {}, signal).then((data) => data.settings) });
}
