import clsx from "clsx";
import { Button } from "@/ui/button.tsx";
import { TextField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";

interface Item {
  name: string;
  /** What is said of it in a few words. */
  note: string;
}

/** The series that have come so far, to search and to choose from. */
export function SeriesList(props: {
  found: readonly Item[];
  /** What is looked for. */
  text: string;
  onText: (text: string) => void;
  /** How many there are. */
  hint: string;
  /** What is said where none is found. */
  none: string;
  chosen: string | null;
  onChoose: (name: string) => void;
  isLoadingMore: boolean;
  error: unknown;
  /** Absent when all are here. */
  onMore: (() => void) | null;
}) {
  const { found, text, onText, hint, none, chosen, onChoose, isLoadingMore, error, onMore } = props;
  return (
    <section aria-label="Series" className="bg-surface border border-line rounded-lg min-w-0">
      <div className="p-3 border-b border-line">
        <TextField label="Find a series" hint={hint} value={text} onChange={onText} maxLength={200} />
      </div>
      <ul className="max-h-44 lg:max-h-[26rem] overflow-y-auto divide-y divide-line">
        {found.map(({ name, note }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={name === chosen}
              onClick={() => onChoose(name)}
              className={clsx(
                "w-full flex items-baseline gap-2 px-3 py-1.5 text-sm text-left",
                name === chosen ? "bg-accent-wash font-medium" : "hover:bg-hover",
              )}
            >
              <span className="truncate min-w-0" title={name}>
                {name}
              </span>
              <span className="num ml-auto text-xs text-ink-2 whitespace-nowrap">{note}</span>
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 ? <p className="px-3 py-2 text-sm text-ink-2">{none}</p> : null}
      {error ? <ProblemNote error={error} /> : null}
      {onMore ? (
        <div className="p-2 border-t border-line">
          <Button size="sm" className="w-full" disabled={isLoadingMore} onClick={onMore}>
            {isLoadingMore ? "Loading…" : "Load more series"}
          </Button>
        </div>
      ) : null}
    </section>
  );
}
