import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LabRun } from "@/api/lab.ts";
import { plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { CheckField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { startEvaluation } from "./actions.ts";
import { Answered } from "./answered.tsx";
import { candidatesQuery } from "./queries.ts";

/** Candidates are compared over the tournaments of a simulation, each alone against its entries. */
export function StartEvaluation({ run, onStarted }: { run: LabRun; onStarted: (runId: string) => void }) {
  const candidates = useQuery(candidatesQuery(run.lineage.tournament_id ?? undefined));
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const start = useMutation({ mutationFn: startEvaluation, onSuccess: ({ run_id }) => onStarted(run_id) });
  return (
    <Panel title="Compare candidates">
      <div className="grid gap-3">
        <p className="text-sm text-ink-2 text-pretty max-w-[80ch]">
          Each candidate joins this auction alone, over the same simulated tournaments, so that their
          difference is theirs and not that of the draws.
        </p>
        <Answered query={candidates} label="Loading candidates">
          {({ items }) =>
            items.length === 0 ? (
              <p className="text-sm">
                There is no candidate on this tournament yet. Find the best bids on the page of the auction,
                and keep them as one.
              </p>
            ) : (
              <fieldset className="grid sm:grid-cols-2 gap-2">
                <legend className="sr-only">Candidates</legend>
                {items.map(({ candidate_id, display_name, bids }) => (
                  <CheckField
                    key={candidate_id}
                    label={display_name}
                    hint={`Bids on ${plural(bids.length, "team")}, …${candidate_id.slice(-8)}`}
                    isChecked={chosen.includes(candidate_id)}
                    onChange={(isChecked) =>
                      setChosen(
                        isChecked
                          ? [...chosen, candidate_id]
                          : chosen.filter((each) => each !== candidate_id),
                      )
                    }
                  />
                ))}
              </fieldset>
            )
          }
        </Answered>
        {start.error ? <ProblemNote error={start.error} /> : null}
        <div>
          <Button
            kind="primary"
            disabled={chosen.length === 0 || start.isPending}
            onClick={() => start.mutate({ simulation_run_id: run.run_id, candidate_ids: [...chosen] })}
          >
            {start.isPending ? "Starting…" : "Compare"}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
