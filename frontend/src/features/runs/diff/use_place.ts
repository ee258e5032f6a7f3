import { useEffect, useMemo, useRef, useState } from "react";
import type { Diff, DiffEntry } from "@/api/types.ts";
import { belongsTo } from "../use_run_keys.ts";
import { type DiffAction, diffActionOf } from "./diff_keys.ts";
import type { DiffChoices } from "./diff_views.ts";
import { changeBeside, type Moment, meetings, momentAt, momentOf, rowAt, type Side } from "./moments.ts";

type OnChange = (part: DiffChoices) => void;

/** Where the viewer stands in both runs; the address names it by the frame of the left one. */
export function usePlace(
  diff: Diff,
  entries: readonly DiffEntry[],
  seq: number | undefined,
  onChange: OnChange,
) {
  const frames = useMemo<Moment>(() => ({ left: diff.left.frames, right: diff.right.frames }), [diff]);
  const met = useMemo(() => meetings(entries, frames), [entries, frames]);
  const [moment, setMoment] = useState<Moment>(() => momentAt(met, "left", seq ?? frames.left));
  // A row that was chosen stands, though others may be told of by the same frame.
  const [chosen, setChosen] = useState<DiffEntry | null>(null);
  const current = chosen ?? rowAt(met, entries, moment);
  // Who opens the page reads the verdict first; who comes for a moment, or moves, sees its row.
  const [isShown, show] = useState(seq !== undefined);
  const go = (to: Moment, row: DiffEntry | null = null) => {
    show(true);
    setMoment(to);
    setChosen(row);
  };
  useAddress(moment.left, frames.left, seq, onChange);
  const choose = (row: DiffEntry) => go(momentOf(met, row) ?? moment, row);
  const move = (side: Side, to: number) => go(momentAt(met, side, to));
  const act = (action: DiffAction) => {
    if (action.type === "step") return move("left", moment.left + action.by);
    if (action.type === "end") return move("left", action.to === "first" ? 1 : frames.left);
    const next = changeBeside(entries, current, action.by);
    if (next) choose(next);
  };
  useKeys(act);
  return { moment, current, isShown, choose, move, act };
}

function useAddress(left: number, last: number, seq: number | undefined, onChange: OnChange): void {
  const wanted = left === last ? undefined : left;
  useEffect(() => {
    if (wanted === seq) return;
    const timer = setTimeout(() => onChange({ seq: wanted }), 150);
    return () => clearTimeout(timer);
  }, [wanted, seq, onChange]);
}

function useKeys(act: (action: DiffAction) => void): void {
  const newest = useRef(act);
  newest.current = act;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const action = diffActionOf(event.key);
      if (!action || belongsTo(event.target, event.key)) return;
      event.preventDefault();
      newest.current(action);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
