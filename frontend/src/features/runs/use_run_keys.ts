import { useEffect, useRef } from "react";
import type { Playback } from "./playback.ts";
import { actionOf } from "./run_keys.ts";

/** The keyboard moves the run wherever the focus is, except where the key is used already. */
export function useRunKeys(playback: Playback): void {
  const newest = useRef(playback);
  newest.current = playback;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const { log, seq, dispatch } = newest.current;
      const action = actionOf(event.key, { marks: log.marks, seq });
      if (action === undefined || belongsTo(event.target, event.key)) return;
      event.preventDefault();
      if (action) dispatch(action);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** Whether what has the focus uses the key itself. A button uses the space alone: after a click on Play the arrows go on. */
export function belongsTo(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  // What scrolls takes the arrows while it has the focus itself; a bar or a link in it does not.
  if (target.matches("section[tabindex]")) return true;
  return target.closest(key === " " ? `${TAKES_ALL}, button, a, summary` : TAKES_ALL) !== null;
}

const TAKES_ALL =
  "input, select, textarea, [contenteditable], [role=dialog], [role=tab], [role=radio], [role=menu], [role=listbox]";
