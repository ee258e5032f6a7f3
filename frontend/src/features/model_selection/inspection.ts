/** What the server reads of the chosen file: asked for as soon as a file is chosen, and again when its reading changes. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiProblem } from "@/api/problem.ts";
import type { FileReport } from "@/api/types.ts";
import type { ChosenFile, FileDraft } from "./draft.ts";
import { inspectionQuery } from "./queries.ts";
import { isQuestion, type ReadingDraft, readingOf } from "./reading.ts";

export interface Inspection {
  /** The last answer, also while the next one is waited for, so that the page does not jump. */
  report: FileReport | null;
  error: unknown;
  isReading: boolean;
  /** The columns of the last good report: what can be chosen among also after a refusal. */
  columns: readonly string[];
  again: () => void;
}

interface Answer {
  file: number;
  report: FileReport | null;
  error: unknown;
  columns: readonly string[];
}

const TYPING_MS = 300;

/** `isWanted` is false where series come from elsewhere. */
export function useInspection(draft: FileDraft, isWanted = true): Inspection {
  const file = isWanted ? draft.file : null;
  const reading = useTyped(file, draft.reading);
  const query = useQuery(inspectionQuery(file, readingOf(reading)));
  const [last, setLast] = useState<Answer | null>(null);
  const known = last?.file === file?.key ? last : null;
  if (file && (query.data || query.error)) {
    const { data: report = null, error } = query;
    if (known?.report !== report || known.error !== error)
      setLast({ file: file.key, report, error, columns: report ? namesOf(report) : (known?.columns ?? []) });
  }
  return {
    report: known?.report ?? null,
    error: known?.error ?? null,
    isReading: file !== null && (query.isFetching || reading !== draft.reading),
    columns: known?.columns ?? [],
    again: () => void query.refetch(),
  };
}

/** A file is read at once as it was chosen; what is stated of it then waits for the last letter. */
function useTyped(file: ChosenFile | null, reading: ReadingDraft): ReadingDraft {
  const [typed, setTyped] = useState({ file, reading });
  if (typed.file !== file) setTyped({ file, reading });
  useEffect(() => {
    const timer = setTimeout(() => setTyped({ file, reading }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [file, reading]);
  return typed.reading;
}

function namesOf({ columns }: FileReport): string[] {
  return columns.map(({ name }) => name);
}

/** Why the file cannot be taken yet. */
export function unreadOf({ error, isReading }: Inspection): string | null {
  if (isReading) return "The file is being read.";
  if (!error) return null;
  if (isQuestion(error)) return "Settle above how the file is read.";
  return isRefused(error) ? "The file cannot be read as it is." : "The file could not be read yet.";
}

/** Whether the file is to blame, and asking once more would say the same. */
export function isRefused(error: unknown): boolean {
  return error instanceof ApiProblem && error.status >= 400 && error.status < 500;
}
