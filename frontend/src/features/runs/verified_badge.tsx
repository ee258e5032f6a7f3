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
  | { state: "failed"; reason: string };

/** Whether what this browser received is what the ledger holds. The browser's own digest decides, not the server's word. */
export function useProof(log: RunLog, state: LogState): Proof {
  const hasAll = state.stream.phase === "ended";
  const verdict = useQuery(verdictQuery(log.runId, hasAll));
  if (state.stream.phase === "broken") return { state: "failed", reason: state.stream.problem.message };
  if (!hasAll) return { state: "open", frames: state.length };
  if (verdict.error) return { state: "failed", reason: asProblem(verdict.error).message };
  if (!verdict.data) return { state: "checking", frames: state.length };
  return judge(verdict.data, state.length, log.headHex());
}

export function judge(
  verdict: Pick<Verification, "verified" | "frames" | "head" | "first_bad_seq" | "reason" | "parts">,
  frames: number,
  head: string,
): Proof {
  if (!verdict.verified) {
    const where = verdict.first_bad_seq == null ? "" : `Frame ${verdict.first_bad_seq}: `;
    // Frames may all fit while something beside them does not.
    const beside = verdict.parts.flatMap((part) => part.problems).at(0);
    return {
      state: "failed",
      reason: `${where}${verdict.reason ?? beside ?? "the server's own check failed"}`,
    };
  }
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
          (proof.state === "open" || proof.state === "checking") && "text-ink-2",
        )}
      >
        <span
          aria-hidden
          className={clsx(
            "hallmark size-4 grid place-items-center [&_svg]:size-2.5",
            proof.state === "verified" && "bg-accent text-on-accent",
            proof.state === "failed" && "bg-fail text-canvas",
            (proof.state === "open" || proof.state === "checking") && "bg-line text-ink-2",
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

const LABELS: Record<Proof["state"], string> = {
  open: "Chain growing",
  checking: "Checking",
  verified: "Verified here",
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
    default:
      return (
        <>
          {count(proof.frames)} frames chained so far. The head is compared with the ledger when the run has
          ended.
        </>
      );
  }
}
