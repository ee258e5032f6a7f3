import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useState } from "react";
import type { Question, RunDetail } from "@/api/types.ts";
import { announce } from "@/lib/announce.ts";
import { absoluteTime } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { TextField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Glyph } from "@/ui/status.tsx";
import { When } from "@/ui/time.tsx";
import { decide, isSettled } from "./queries.ts";

/** What the run asks a person, to be answered here. What was answered stands in the transcript. */
export function Questions({ run }: { run: RunDetail }) {
  if (isSettled(run.status)) return null;
  const open = run.questions.filter((question) => !question.decision);
  return open.map((question) => <QuestionPanel key={question.name} runId={run.run_id} question={question} />);
}

function QuestionPanel({ runId, question }: { runId: string; question: Question }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const answer = useMutation({
    mutationFn: (decision: "approved" | "rejected") =>
      decide(runId, { name: question.name, decision, ...(reason.trim() ? { reason: reason.trim() } : {}) }),
    onSuccess: (run, decision) => {
      queries.setQueryData(["run", runId], run);
      announce(`${question.title}: ${decision}`);
    },
    onError: () => queries.invalidateQueries({ queryKey: ["run", runId] }),
  });
  return (
    <section
      aria-label={`Question: ${question.title}`}
      data-question={question.name}
      className="rounded-lg border border-line bg-warn-wash px-4 py-3 grid gap-3"
    >
      <div className="flex gap-3">
        <span className="mt-0.5">
          <Glyph status="waiting_for_decision" />
        </span>
        <div className="min-w-0 grid gap-0.5">
          <h2 className="font-semibold break-words">{question.title}</h2>
          {question.detail ? <p className="text-sm break-words">{question.detail}</p> : null}
          <p className="text-xs text-ink-2">
            Asked <When at={question.asked_at} />
            {question.expires_at ? ` · lapses at ${absoluteTime(question.expires_at)}` : null}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap items-end gap-2">
        <div className="grow max-w-md min-w-48">
          <TextField label="Reason (optional)" value={reason} onChange={setReason} maxLength={500} />
        </div>
        <Button kind="primary" disabled={answer.isPending} onClick={() => answer.mutate("approved")}>
          <Check aria-hidden /> Approve
        </Button>
        <Button kind="danger" disabled={answer.isPending} onClick={() => answer.mutate("rejected")}>
          <X aria-hidden /> Reject
        </Button>
      </div>
      {answer.error ? <ProblemNote error={answer.error} /> : null}
    </section>
  );
}
