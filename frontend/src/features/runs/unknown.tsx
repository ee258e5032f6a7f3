import { Link } from "@tanstack/react-router";
import { asProblem } from "@/api/problem.ts";
import { buttonClass } from "@/ui/button.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";

/** Whether nothing can be had under an id: the server does not know it, or it is no id at all, as when it is mistyped. */
export function isUnknown(error: unknown): boolean {
  const { status } = asProblem(error);
  return status === 404 || status === 422;
}

type LabThing = "tournament" | "auction" | "candidate" | "cohort" | "synthetic calcutta";
const ELSEWHERE = ["run", "comparison", "forecast", "artifact"];

/** Instead of a page whose object cannot be had: what the server said, and where to look instead. */
export function Unknown(props: {
  what: "run" | "comparison" | "forecast" | "artifact" | LabThing;
  error: unknown;
  /** Of the heading: it may stand for a page or for a part of one. */
  level?: "h1" | "h2";
}) {
  const { what, error, level: Title = "h1" } = props;
  return (
    <div className="grid gap-4 max-w-3xl">
      <Title className={`${Title === "h1" ? "text-2xl" : "text-lg"} font-semibold tracking-tight`}>
        {isUnknown(error) ? `There is no such ${what}` : `This ${what} cannot be shown now`}
      </Title>
      <ProblemNote
        error={error}
        action={
          ELSEWHERE.includes(what) ? (
            <Link to="/runs" className={buttonClass("plain", "sm")}>
              See all runs
            </Link>
          ) : (
            <Link to="/lab" className={buttonClass("plain", "sm")}>
              Open the lab
            </Link>
          )
        }
      />
    </div>
  );
}
