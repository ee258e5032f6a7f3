import { Tooltip } from "@base-ui/react/tooltip";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { Check, Link2, X } from "lucide-react";
import { asProblem } from "@/api/problem.ts";
import type { Verification } from "@/api/types.ts";
import { count, shortDigest } from "@/lib/format.ts";
import type { LogState, RunLog } from "./log.ts";
import { verdictQuery } from "./queries.ts";

export type Proof =
  | { state: "open"; frames: number }
  | { state: "checking"; frames: number }
  | { state: "verified"; frames: number; head: string }
  /** Frames were let go under retention: their digests stay, and the server has checked that all lead to the head. */
  | { state: "removed"; removed: number; frames: number }
  | { state: "failed"; reason: string };

/** Whether what this browser received is what the ledger holds. The browser's own digest decides, not the server's word. */
export function useProof(log: RunLog, state: LogState): Proof {
  const hasAll = state.stream.phase === "ended";
  const isRemoved = wereLetGo(state);
  const verdict = useQuery(verdictQuery(log.runId, hasAll || isRemoved));
  if (state.stream.phase === "broken" && !isRemoved) {
    return { state: "failed", reason: state.stream.problem.message };
  }
  if (!hasAll && !isRemoved) return { state: "open", frames: state.length };
  if (verdict.error) return { state: "failed", reason: asProblem(verdict.error).message };
  if (!verdict.data) return { state: "checking", frames: state.length };
  return isRemoved ? judgeRemoved(verdict.data) : judge(verdict.data, state.length, log.headHex());
}

/** Whether the frames cannot be had because retention let them go. */
export function wereLetGo({ stream }: Pick<LogState, "stream">): boolean {
  return stream.phase === "broken" && stream.problem.code === "FRAMES_PRUNED";
}

type Verdict = Pick<Verification, "verified" | "frames" | "head" | "first_bad_seq" | "reason" | "parts">;

/** What this browser cannot compute, the server has: it holds the digests of what went. */
function judgeRemoved(verdict: Verdict & Pick<Verification, "pruned">): Proof {
  if (!verdict.verified) return unproven(verdict);
  return { state: "removed", removed: verdict.pruned, frames: verdict.frames };
}

function unproven(verdict: Verdict): Proof {
  const where = verdict.first_bad_seq == null ? "" : `Frame ${verdict.first_bad_seq}: `;
  // Frames may all fit while something beside them does not.
  const beside = verdict.parts.flatMap((part) => part.problems).at(0);
  return {
    state: "failed",
    reason: `${where}${verdict.reason ?? beside ?? "the server's own check failed"}`,
  };
}

export function judge(verdict: Verdict, frames: number, head: string): Proof {
  if (!verdict.verified) return unproven(verdict);
  if (verdict.frames !== frames) {
    return { state: "failed", reason: `${frames} frames were received, the ledger holds ${verdict.frames}` };
  }
  if (verdict.head.replace(/^sha256:/, "") !== head) {
    return {
      state: "failed",
      reason: `the digest of the received frames is ${shortDigest(head)}…, the ledger's ${shortDigest(verdict.head)}…`,
    };
  }
  return { state: "verified", frames, head };
}

export function VerifiedBadge({ proof }: { proof: Proof }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger
        render={<button type="button" />}
        data-testid="proof"
        data-state={proof.state}
        className={clsx(
          "inline-flex items-center gap-1.5 h-6 pl-1 pr-2 rounded-sm text-xs font-medium border border-line bg-surface",
          proof.state === "failed" && "text-fail",
          proof.state === "verified" && "text-accent",
          isMuted(proof) && "text-ink-2",
        )}
      >
        <span
          aria-hidden
          className={clsx(
            "hallmark size-4 grid place-items-center [&_svg]:size-2.5",
            proof.state === "verified" && "bg-accent text-on-accent",
            proof.state === "failed" && "bg-fail text-canvas",
            isMuted(proof) && "bg-line text-ink-2",
          )}
        >
          {proof.state === "verified" ? (
            <Check strokeWidth={3} />
          ) : proof.state === "failed" ? (
            <X strokeWidth={3} />
          ) : (
            <Link2 />
          )}
        </span>
        {LABELS[proof.state]}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={6}>
          <Tooltip.Popup className="max-w-80 rounded-md bg-raised border border-line shadow-pop px-3 py-2 text-xs text-ink-2">
            <Explanation proof={proof} />
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Neither proven here nor refuted. */
function isMuted({ state }: Proof): boolean {
  return state === "open" || state === "checking" || state === "removed";
}

const LABELS: Record<Proof["state"], string> = {
  open: "Chain growing",
  checking: "Checking",
  verified: "Verified here",
  removed: "Partly removed",
  failed: "Not verified",
};

function Explanation({ proof }: { proof: Proof }) {
  switch (proof.state) {
    case "verified":
      return (
        <>
          {count(proof.frames)} frames, chained with SHA-256 in this browser, lead to head{" "}
          <code className="font-mono">{shortDigest(proof.head)}…</code>, the same as in the ledger: what you
          see is what was streamed.
        </>
      );
    case "failed":
      return <>What you see cannot be proved: {proof.reason}.</>;
    case "removed":
      return (
        <>
          {count(proof.removed)} of {count(proof.frames)} frames were let go under a retention receipt. Their
          digests stay; by them the server has checked that all frames lead to the ledger's head.
        </>
      );
    default:
      return (
        <>
          {count(proof.frames)} frames chained so far. The head is compared with the ledger when the run has
          ended.
        </>
      );
  }
}
