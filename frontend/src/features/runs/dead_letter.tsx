import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import type { RunItem } from "@/api/types.ts";
import { Button } from "@/ui/button.tsx";
import { Confirm, Modal } from "@/ui/dialog.tsx";
import { TextField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { abandon, isSettled, requeue } from "./queries.ts";

interface Props {
  run: Pick<RunItem, "run_id" | "status" | "title">;
  /** The run that was submitted instead of an ended one. */
  onRequeued: (runId: string) => void;
}

/** What an operator does about a run that goes no further: an ended one is submitted again, an open one is given up. */
export function RunActions({ run, onRequeued }: Props) {
  if (run.status === "running") return null;
  return isSettled(run.status) ? <Requeue run={run} onRequeued={onRequeued} /> : <Abandon run={run} />;
}

function useEverythingAgain() {
  const queries = useQueryClient();
  return () => {
    for (const queryKey of [["runs"], ["run"]]) void queries.invalidateQueries({ queryKey });
  };
}

function Requeue({ run, onRequeued }: Props) {
  const again = useEverythingAgain();
  const [isAsking, setAsking] = useState(false);
  const submit = useMutation({
    mutationFn: () => requeue(run.run_id),
    onSuccess: ({ run_id }) => {
      again();
      onRequeued(run_id);
    },
  });
  return (
    <>
      <Button size="sm" disabled={submit.isPending} onClick={() => setAsking(true)}>
        <RotateCcw aria-hidden /> {submit.isPending ? "Submitting…" : "Requeue"}
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => submit.mutate()}
        title="Submit it again?"
        confirm="Requeue"
        keep="Leave it"
      >
        “{run.title}” is submitted again as a new run with the same spec. This one stays as it is; the new one
        names it.
      </Confirm>
      {submit.error ? <ProblemNote error={submit.error} title="It was not submitted" /> : null}
    </>
  );
}

/** Ends an open run that goes no further, with a reason. */
export function Abandon({ run }: Pick<Props, "run">) {
  const again = useEverythingAgain();
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const give = useMutation({
    mutationFn: () => abandon(run.run_id, reason.trim()),
    onSuccess: () => {
      again();
      setAsking(false);
    },
  });
  return (
    <>
      <Button size="sm" kind="danger" onClick={() => setAsking(true)}>
        <Trash2 aria-hidden /> Give up
      </Button>
      <Modal isOpen={isAsking} onClose={() => setAsking(false)} title="Give this run up?">
        <form
          className="grid gap-3 p-5"
          onSubmit={(event) => {
            event.preventDefault();
            if (reason.trim() !== "") give.mutate();
          }}
        >
          <p className="text-ink-2">
            “{run.title}” fails with RUN_ABANDONED and cannot be continued. What it has left behind stays.
          </p>
          <TextField
            label="Reason"
            hint="It stands in the run's error"
            maxLength={500}
            value={reason}
            onChange={setReason}
          />
          {give.error ? <ProblemNote error={give.error} title="It was not given up" /> : null}
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsking(false)}>Leave it</Button>
            <Button kind="danger" type="submit" disabled={reason.trim() === "" || give.isPending}>
              Give up
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}
