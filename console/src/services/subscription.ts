// Keeps one subscription alive over a source that may fail: a socket that a proxy does not let through, a hub that refuses.

export interface Sink<Data> {
  next: (message: { data?: Data | null; errors?: readonly { message: string }[] }) => void;
  error: (reason: unknown) => void;
  complete: () => void;
}
export type Source<Data> = (sink: Sink<Data>) => () => void;
/** Why no values come; undefined: they come, or the first try has not ended. */
export type Failure = 'lost' | { refused: string } | undefined;

export const pauseMin = 1_000;
export const pauseMax = 60_000;

const messagesOf = (errors: readonly { message?: string }[]) => errors.map(({ message }) => message ?? '').join(' ');

/**
 * Subscribes, and again after each end that was not asked for: a lost socket, a refusal, a source that completes. The pauses
 * between two tries grow from 1 s to 60 s; only a value makes them short again.
 */
export function keepSubscribed<Data>(source: Source<Data>, onValue: (data: Data) => void, onFailure: (failure: Failure) => void) {
  let stop: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause = pauseMin;
  let attempt = 0;
  const begin = () => {
    clearTimeout(timer);
    timer = undefined;
    const mine = ++attempt;
    stop?.();
    stop = undefined;
    const failed = (failure: Failure) => {
      if (mine !== attempt) return;
      ++attempt; // nothing more is taken from this try
      stop?.();
      stop = undefined;
      onFailure(failure);
      timer = setTimeout(begin, pause);
      pause = Math.min(pauseMax, pause * 2);
    };
    const ended = source({
      next: (message) => {
        if (mine !== attempt) return;
        if (!message.data) {
          failed({ refused: messagesOf(message.errors ?? []) });
          return;
        }
        pause = pauseMin;
        onFailure(undefined);
        onValue(message.data);
      },
      // An array holds what the hub refused; everything else is a socket that was lost.
      error: (reason) => failed(Array.isArray(reason) ? { refused: messagesOf(reason as { message?: string }[]) } : 'lost'),
      complete: () => failed('lost'),
    });
    if (mine === attempt) stop = ended;
    else ended();
  };
  begin();
  return {
    /** Tries at once: the hub is known to be there again. */
    restart: () => { pause = pauseMin; begin(); },
    stop: () => { ++attempt; clearTimeout(timer); stop?.(); },
  };
}
