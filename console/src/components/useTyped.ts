import { useEffect, useState } from 'react';

/** A value that is being typed, once it has been left alone for a moment. */
export function useTyped<T>(value: T, milliseconds = 300): T {
  const [settled, settle] = useState(value);
  const text = JSON.stringify(value);
  useEffect(() => {
    const timer = setTimeout(() => settle(JSON.parse(text) as T), milliseconds);
    return () => clearTimeout(timer);
  }, [text, milliseconds]);
  return settled;
}
