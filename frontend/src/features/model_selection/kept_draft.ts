/** The draft of a form, kept while the user is elsewhere: choices for the tab's life, the file until it is reloaded. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { FileDraft } from "./draft.ts";

/** `key` names the form, and is another one when its draft's fields mean something else. */
export function useKeptDraft<D extends FileDraft>(key: string, empty: D): [D, (draft: D) => void] {
  const queries = useQueryClient();
  // The page's own state is what its fields show: the cache tells of a change too late for a field that is typed into.
  const [draft, setDraft] = useState(() => queries.getQueryData<D>([key]) ?? stored(key, empty));
  const keep = (next: D) => {
    setDraft(next);
    queries.setQueryDefaults([key], { gcTime: Number.POSITIVE_INFINITY });
    queries.setQueryData([key], next);
    store(key, next);
  };
  return [draft, keep];
}

function stored<D extends FileDraft>(key: string, empty: D): D {
  try {
    const choices: Partial<D> = JSON.parse(sessionStorage.getItem(key) ?? "{}");
    return { ...empty, ...choices };
  } catch {
    return empty;
  }
}

/** What was said of a file goes with it: of the next one it may be wrong. */
function store(key: string, { file: _, reading: __, ...choices }: FileDraft): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(choices));
  } catch {
    // A blocked storage only means that a reload forgets the choices.
  }
}
