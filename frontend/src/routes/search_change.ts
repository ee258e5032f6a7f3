import { useCallback } from "react";

interface To<S> {
  search: (before: S) => S;
  replace: true;
  resetScroll: false;
}

/** Changes a part of the address in place, and the moment of a run in particular. */
export function useSearchChange<S extends { seq?: number | undefined }>(
  navigate: (to: To<S>) => Promise<void>,
) {
  const change = useCallback(
    (part: S) =>
      void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false }),
    [navigate],
  );
  const onSeq = useCallback((seq: number | undefined) => change({ seq } as S), [change]);
  return { change, onSeq };
}
