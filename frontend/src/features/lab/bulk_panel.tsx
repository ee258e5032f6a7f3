import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { BulkProposal, BulkQuery } from "@/api/lab.ts";
import { LAB_PAGES } from "@/features/runs/result_link.tsx";
import { plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { proposeRuns, submitRuns } from "./actions.ts";

/** Many runs at once: first what they would be, with every id; then exactly those. */
export function BulkPanel(props: {
  title: string;
  sentence: string;
  /** `null`: something is still to be chosen. */
  query: BulkQuery | null;
  children?: ReactNode;
}) {
  const { title, sentence, query, children } = props;
  const propose = useMutation({ mutationFn: proposeRuns });
  return (
    <Panel title={title}>
      <div className="grid gap-3">
        <p className="text-sm text-ink-2 text-pretty">{sentence}</p>
        {children}
        {propose.error ? <ProblemNote error={propose.error} /> : null}
        <div>
          <Button
            kind={propose.data ? "plain" : "primary"}
            disabled={!query || propose.isPending}
            onClick={() => query && propose.mutate(query)}
          >
            {propose.isPending ? "Looking…" : propose.data ? "Look again" : "Show what would run"}
          </Button>
        </div>
        {propose.data ? <Proposed key={propose.submittedAt} proposal={propose.data} /> : null}
      </div>
    </Panel>
  );
}

function Proposed({ proposal }: { proposal: BulkProposal }) {
  const { runs, skipped, refused } = proposal;
  const queries = useQueryClient();
  const submit = useMutation({
    mutationFn: () => submitRuns(runs),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["lab"] }),
  });
  const kind = runs[0]?.run_kind;
  return (
    <div className="grid gap-3 text-sm border-t border-line pt-3" data-testid="proposal">
      <p role="status">
        {plural(runs.length, "run")} would be made; {plural(skipped.length, "target")}{" "}
        {skipped.length === 1 ? "has" : "have"} one already, {refused.length} cannot have one.
      </p>
      {refused.length > 0 ? (
        <ul className="grid gap-1">
          {refused.map(({ target_id, name, message }) => (
            <li key={target_id}>
              <strong className="font-medium">{name}</strong>: <span className="text-warn">{message}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {submit.error ? <ProblemNote error={submit.error} /> : null}
      {submit.data ? (
        <>
          <p role="status">
            {plural(submit.data.created.length, "run")} submitted, {submit.data.skipped.length} were there,{" "}
            {submit.data.refused.length} refused.
          </p>
          <ul className="flex flex-wrap gap-x-3 gap-y-1">
            {kind
              ? submit.data.created.map(({ run_id, index }) => (
                  <li key={run_id}>
                    <Link
                      to={LAB_PAGES[kind]}
                      params={{ runId: run_id }}
                      className="text-accent hover:underline"
                    >
                      Run {index + 1}
                    </Link>
                  </li>
                ))
              : null}
            {submit.data.refused.map(({ index, message }) => (
              <li key={index} className="text-fail basis-full">
                Run {index + 1}: {message}
              </li>
            ))}
          </ul>
        </>
      ) : runs.length > 0 ? (
        <div>
          <Button kind="primary" disabled={submit.isPending} onClick={() => submit.mutate()}>
            {submit.isPending ? "Submitting…" : `Submit ${plural(runs.length, "run")}`}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
