/** The draft of the compare page, kept while the user is elsewhere: choices for the tab's life, the file until it is reloaded. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Draft, EMPTY_DRAFT } from "./draft.ts";

/** Another number when a draft's fields mean something else. */
const KEY = "assay.compare.1";

export function useKeptDraft(): [Draft, (draft: Draft) => void] {
  const queries = useQueryClient();
  // The page's own state is what its fields show: the cache tells of a change too late for a field that is typed into.
  const [draft, setDraft] = useState(() => queries.getQueryData<Draft>([KEY]) ?? stored());
  const keep = (next: Draft) => {
    setDraft(next);
    queries.setQueryDefaults([KEY], { gcTime: Number.POSITIVE_INFINITY });
    queries.setQueryData([KEY], next);
    store(next);
  };
  return [draft, keep];
}

function stored(): Draft {
  try {
    const choices: Partial<Draft> = JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
    return { ...EMPTY_DRAFT, ...choices };
  } catch {
    return EMPTY_DRAFT;
  }
}

function store({ file: _, ...choices }: Draft): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // A blocked storage only means that a reload forgets the choices.
  }
}
