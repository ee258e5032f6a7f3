import { useMutation, useQueryClient } from "@tanstack/react-query";
import { OctagonX } from "lucide-react";
import { useState } from "react";
import { asProblem } from "@/api/problem.ts";
import { Button } from "@/ui/button.tsx";
import { Confirm } from "@/ui/dialog.tsx";
import { cancelRun } from "./queries.ts";

/** Asks a run to stop, after asking its user; the answer is the run as it has settled. */
export function CancelButton({ runId }: { runId: string }) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => cancelRun(runId),
    onSuccess: (settled) => queries.setQueryData(["run", runId], settled),
    onError: () => queries.invalidateQueries({ queryKey: ["run", runId] }),
  });
  return (
    <>
      <Button size="sm" kind="danger" disabled={cancel.isPending} onClick={() => setAsking(true)}>
        <OctagonX aria-hidden /> {cancel.isPending ? "Cancelling…" : "Cancel run"}
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate()}
        title="Cancel this run?"
        confirm="Cancel run"
        keep="Keep running"
      >
        Work in progress stops at its next safe point, what has finished is kept, and the run ends as
        cancelled. It cannot be continued.
      </Confirm>
      {cancel.error ? <CancelOutcome error={cancel.error} /> : null}
    </>
  );
}

/** Why a cancellation has not ended the run. */
function CancelOutcome({ error }: { error: unknown }) {
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
