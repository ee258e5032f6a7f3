import type { ReactNode } from "react";
import type { RunDetail } from "@/api/types.ts";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { InputLink } from "../inputs.tsx";
import { useChildren } from "../use_children.ts";
import { LineageGraphFigure } from "./graph_figure.tsx";
import { runGraph } from "./run_graph.ts";

/** Where a run stands among others. What is known to those who know its kind stands first, for it reaches further. */
export function LineageTab({ run, further }: { run: RunDetail; further: ReactNode }) {
  const children = useChildren(run);
  return (
    <div className="grid gap-4 min-w-0">
      {further}
      {children.error && !children.data ? <ProblemNote error={children.error} /> : null}
      <LineageGraphFigure
        graph={runGraph(run, children.data?.items ?? [])}
        thisId={run.run_id}
        title="What it was made from, and what came of it"
        sentence="On the left what it was given by id and digest, and the run that started it; on the right its artifacts and the runs it started."
        renderLink={({ id, source }, { className, children: label }) =>
          source === null ? (
            <span className={className}>{label}</span>
          ) : (
            <InputLink input={{ id, source }} className={className}>
              {label}
            </InputLink>
          )
        }
      />
    </div>
  );
}
