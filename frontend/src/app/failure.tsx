import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Empty } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";

/** A page that failed, with what is needed to find out why. */
export function PageFailure({ error, reset }: { error: unknown; reset: () => void }) {
  return (
    <div className="grid gap-4 max-w-3xl">
      <h1 className="text-2xl font-semibold tracking-tight">This page could not be shown</h1>
      <ProblemNote
        error={error}
        action={
          <Button size="sm" onClick={reset}>
            Try again
          </Button>
        }
      />
    </div>
  );
}

export function NotFound() {
  return (
    <div className="bg-surface border border-line rounded-lg">
      <h1 className="sr-only">Page not found</h1>
      <Empty
        title="There is no such page"
        action={
          <Link to="/runs" className={buttonClass("primary")}>
            See all runs
          </Link>
        }
      >
        The address may be mistyped, or it may come from another version of Assay.
      </Empty>
    </div>
  );
}
