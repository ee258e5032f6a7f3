import { Link } from "@tanstack/react-router";
import { ArrowRight } from "lucide-react";
import type { LabKind } from "@/api/lab.ts";
import type { RunDetail } from "@/api/types.ts";
import { buttonClass } from "@/ui/button.tsx";

/** The page of each kind of run of the lab. */
export const LAB_PAGES = {
  game_outcome: "/lab/game-outcomes/$runId",
  market_share: "/lab/market-shares/$runId",
  strategy_generation: "/lab/strategies/$runId",
  simulation: "/lab/simulations/$runId",
  evaluation: "/lab/evaluations/$runId",
  batch: "/lab/batches/$runId",
} as const satisfies Record<LabKind, string>;

const LOOK = buttonClass("plain", "sm");

/** To the page that says what came out, where the kind has one. */
export function ResultLink({ run }: { run: RunDetail }) {
  const { kind, run_id: runId } = run;
  const label = (
    <>
      Result <ArrowRight aria-hidden />
    </>
  );
  if (kind === "comparison") {
    return (
      <Link to="/compare/$selectionId" params={{ selectionId: runId }} className={LOOK}>
        {label}
      </Link>
    );
  }
  if (kind === "forecast") {
    return (
      <Link to="/forecast/$runId" params={{ runId }} className={LOOK}>
        {label}
      </Link>
    );
  }
  if (kind === "showcase") {
    return (
      <Link to="/showcase" search={{ run: runId }} className={LOOK}>
        {label}
      </Link>
    );
  }
  if (!isLabKind(kind)) return null;
  return (
    <Link to={LAB_PAGES[kind]} params={{ runId }} className={LOOK}>
      {label}
    </Link>
  );
}

export function isLabKind(kind: string): kind is LabKind {
  return Object.hasOwn(LAB_PAGES, kind);
}
