import { Link } from "@tanstack/react-router";
import { asProblem } from "@/api/problem.ts";
import { buttonClass } from "@/ui/button.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";

/** Instead of a page whose object cannot be had: what the server said, and where to look instead. */
export function Unknown({ what, error }: { what: "run" | "comparison"; error: unknown }) {
  const isUnknown = asProblem(error).status === 404;
  return (
    <div className="grid gap-4 max-w-3xl">
      <h1 className="text-2xl font-semibold tracking-tight">
        {isUnknown ? `There is no such ${what}` : `This ${what} cannot be shown now`}
      </h1>
      <ProblemNote
        error={error}
        action={
          <Link to="/runs" className={buttonClass("plain", "sm")}>
            See all runs
          </Link>
        }
      />
    </div>
  );
}
