import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState } from "react";
import type { RunItem } from "@/api/types.ts";
import { words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";

export interface Picking {
  picked: readonly RunItem[];
  toggle: (run: RunItem) => void;
  clear: () => void;
}

/** Up to two runs to compare; a third takes the place of the first. They stay picked from page to page of the list. */
export function usePicked(): Picking {
  const [picked, setPicked] = useState<readonly RunItem[]>([]);
  const toggle = (run: RunItem) => {
    const others = picked.filter(({ run_id }) => run_id !== run.run_id);
    setPicked(others.length < picked.length ? others : [...picked, run].slice(-2));
  };
  return { picked, toggle, clear: () => setPicked([]) };
}

export function PickBox({ run, picking }: { run: RunItem; picking: Picking }) {
  return (
    <input
      type="checkbox"
      className="mt-1 shrink-0"
      aria-label={`Compare ${run.title ?? words(run.kind)}`}
      checked={picking.picked.some(({ run_id }) => run_id === run.run_id)}
      onChange={() => picking.toggle(run)}
    />
  );
}

/** What is picked, and the way to the comparison once it is two. */
export function PickedBar({ picking: { picked, clear } }: { picking: Picking }) {
  const [one, other] = picked;
  if (!one) return null;
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-accent-wash px-4 py-2 text-sm"
    >
      <p className="min-w-0 break-words">
        <strong className="font-medium">{titleOf(one)}</strong>
        {other ? (
          <>
            {" "}
            and <strong className="font-medium">{titleOf(other)}</strong>
          </>
        ) : (
          ": pick another run to compare it with."
        )}
      </p>
      <span className="ml-auto flex gap-2">
        {other ? (
          <Link
            to="/runs/$a/diff/$b"
            // The older one first, as it is read.
            params={
              one.created_at <= other.created_at
                ? { a: one.run_id, b: other.run_id }
                : { a: other.run_id, b: one.run_id }
            }
            className={buttonClass("primary", "sm")}
          >
            Compare the two
          </Link>
        ) : null}
        <Button size="sm" kind="quiet" onClick={clear}>
          <X aria-hidden /> Leave it
        </Button>
      </span>
    </div>
  );
}

function titleOf(run: RunItem): string {
  return run.title ?? words(run.kind);
}
