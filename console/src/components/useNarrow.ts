import { useSyncExternalStore } from 'react';

function useMedia(query: MediaQueryList) {
  return useSyncExternalStore((listener) => {
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  }, () => query.matches);
}
const narrow = matchMedia('(max-width: 688px)');
const wide = matchMedia('(min-width: 1001px)');
/** A telephone: lists are cards. */
export const useNarrow = () => useMedia(narrow);
/** The side navigation is open, and panels stand at the side. */
export const useWide = () => useMedia(wide);
