import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Repeat2 } from "lucide-react";
import type { ReproducedArtifact, RunDetail } from "@/api/types.ts";
import { shortDigest, shortId, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Glyph } from "@/ui/status.tsx";
import { isOfOthers } from "./of_others.ts";
import { isSettled, reproduce, reproductionQuery } from "./queries.ts";

/**
 * A run that succeeded is executed again from here; a run that executes another again says what came of it. Nothing of
 * other runs.
 */
export function ReproductionPanel({ run }: { run: RunDetail }) {
  const of = run.inputs.find((input) => input.role === "reproduces" && input.source === "run")?.id;
  if (of) return <Comparison run={run} of={of} />;
  return run.status === "succeeded" && !isOfOthers(run.kind) ? <Again run={run} /> : null;
}

function Again({ run }: { run: RunDetail }) {
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: () => reproduce(run.run_id),
    onSuccess: (accepted) => navigate({ to: "/runs/$runId", params: { runId: accepted.run_id } }),
  });
  return (
    <Panel
      title="Reproduce"
      isFlush
      aside={
        <Button size="sm" disabled={again.isPending} onClick={() => again.mutate()}>
          <Repeat2 aria-hidden /> {again.isPending ? "Starting…" : "Execute again"}
        </Button>
      }
    >
      {again.error ? (
        <div className="p-3">
          <ProblemNote error={again.error} />
        </div>
      ) : (
        <p className="px-4 py-3 text-sm text-ink-3">
          The same inputs and seed, without stored results, as a new run; then what both left behind is
          compared byte by byte.
        </p>
      )}
    </Panel>
  );
}

function Comparison({ run, of }: { run: RunDetail; of: string }) {
  const found = useQuery(reproductionQuery(run.run_id, isSettled(run.status)));
  return (
    <Panel
      title="Reproduction"
      isFlush
      aside={
        <Link
          to="/runs/$a/diff/$b"
          params={{ a: of, b: run.run_id }}
          className="text-sm text-accent hover:underline whitespace-nowrap"
        >
          Side by side
        </Link>
      }
    >
      <p className="px-4 py-3 text-sm">
        Executes{" "}
        <Link
          to="/runs/$runId"
          params={{ runId: of }}
          title={of}
          className="font-mono text-xs text-accent hover:underline"
        >
          …{shortId(of)}
        </Link>{" "}
        again. {found.data?.statement ?? (isSettled(run.status) ? "Comparing…" : "It is not through yet.")}
      </p>
      {found.error ? (
        <div className="p-3">
          <ProblemNote error={found.error} />
        </div>
      ) : null}
      {found.data?.artifacts.length ? (
        <ul className="divide-y divide-line border-t border-line" data-testid="reproduction">
          {found.data.artifacts.map((artifact) => (
            <Compared key={artifact.name} artifact={artifact} />
          ))}
        </ul>
      ) : null}
    </Panel>
  );
}

function Compared({ artifact }: { artifact: ReproducedArtifact }) {
  const { name, digest, digest_again: again, difference } = artifact;
  const isSame = digest === again;
  return (
    <li className="px-4 py-2 text-sm grid gap-1" data-status={isSame ? "pass" : "fail"}>
      <div className="flex items-center gap-2 min-w-0">
        <Glyph status={isSame ? "pass" : "fail"} />
        <span className="font-medium truncate">{words(name)}</span>
        <span className="sr-only">{isSame ? "the same" : "different"}</span>
        <span className="ml-auto text-xs text-ink-3 font-mono" title={digest ?? undefined}>
          {digest ? shortDigest(digest) : "none"}
          {isSame ? null : ` → ${again ? shortDigest(again) : "none"}`}
        </span>
      </div>
      {difference ? (
        <p className="pl-6 text-xs text-fail break-words">
          {difference.place}: {difference.value}, again {difference.value_again}
        </p>
      ) : null}
    </li>
  );
}
