import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldMessage } from "@/api/problem.ts";
import { Button } from "@/ui/button.tsx";
import { NumberField, TextField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { keepCohort } from "./actions.ts";
import { MOST_SIMULATIONS } from "./simulation_draft.ts";

const SHOWN = ["name", "n_sims", "seed"];

/** Keeps a cohort: a name, and by what its auctions are judged. */
export function CohortForm({ onKept }: { onKept: (cohortId: string) => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [nSims, setNSims] = useState<number | null>(100_000);
  const [seed, setSeed] = useState<number | null>(42);
  const keep = useMutation({
    mutationFn: keepCohort,
    onSuccess: ({ cohort_id }) => {
      void queries.invalidateQueries({ queryKey: ["lab", "cohorts"] });
      onKept(cohort_id);
    },
  });
  const isWhole = name.trim() !== "" && nSims !== null && seed !== null;
  return (
    <details className="bg-surface border border-line rounded-lg px-4 py-2.5">
      <summary className="text-sm font-medium">New cohort</summary>
      <div className="grid gap-3 pt-3 pb-1.5">
        <div className="grid sm:grid-cols-3 gap-3">
          <TextField
            label="Name"
            hint="Unique among cohorts"
            maxLength={100}
            value={name}
            onChange={setName}
            error={fieldMessage(keep.error, "name")}
          />
          <NumberField
            label="Simulations"
            hint="Of each auction"
            min={2}
            max={MOST_SIMULATIONS}
            value={nSims}
            onChange={setNSims}
            error={fieldMessage(keep.error, "n_sims")}
          />
          <NumberField
            label="Seed"
            hint="Of all of them"
            min={1}
            value={seed}
            onChange={setSeed}
            error={fieldMessage(keep.error, "seed")}
          />
        </div>
        {keep.error ? <ProblemNote error={keep.error} shown={SHOWN} /> : null}
        <div>
          <Button
            kind="primary"
            disabled={!isWhole || keep.isPending}
            onClick={() => isWhole && keep.mutate({ name: name.trim(), n_sims: nSims, seed })}
          >
            Keep cohort
          </Button>
        </div>
      </div>
    </details>
  );
}
