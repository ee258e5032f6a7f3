/** Does a thing when asked, but never twice within a time: what is asked for in between is done once, when it has passed. */
export interface Paced {
  soon: () => void;
  /** At once, with all that was asked for. */
  now: () => void;
}

export function paced(work: () => void, everyMs: number): Paced {
  let doneAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = () => {
    clearTimeout(timer);
    timer = undefined;
    doneAt = performance.now();
    work();
  };
  const soon = () => {
    if (timer !== undefined) return;
    const waitMs = doneAt + everyMs - performance.now();
    if (waitMs <= 0) now();
    else timer = setTimeout(now, waitMs);
  };
  return { soon, now };
}
