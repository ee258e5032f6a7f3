import { useMutation, useQueryClient } from "@tanstack/react-query";
import { asProblem } from "@/api/problem.ts";
import { announce } from "@/lib/announce.ts";
import { cancelRun } from "./queries.ts";

/** Asks a run to stop; the answer is the run as it has settled. */
export function useCancel(runId: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => cancelRun(runId),
    onSuccess: (settled) => {
      queries.setQueryData(["run", runId], settled);
      announce("The run is cancelled");
    },
    onError: () => queries.invalidateQueries({ queryKey: ["run", runId] }),
  });
}

/** Why a cancellation has not ended the run. */
export function CancelOutcome({ error }: { error: unknown }) {
  const { status, message } = asProblem(error);
  return (
    <p role="alert" className="basis-full text-sm text-warn">
      {OUTCOMES[status] ?? message}
    </p>
  );
}

const OUTCOMES: Record<number, string> = {
  404: "This run is not known to the server any more.",
  409: "The run had ended before the cancellation arrived.",
  504: "The run is still stopping. The cancellation stays in force; this page shows the end as it comes.",
};
