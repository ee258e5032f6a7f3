import { getRouteApi } from "@tanstack/react-router";
import { BatchPage } from "@/features/lab/batch_page.tsx";
import { EvaluationPage } from "@/features/lab/evaluation_page.tsx";
import { GameOutcomePage } from "@/features/lab/game_outcome_page.tsx";
import { MarketSharePage } from "@/features/lab/market_share_page.tsx";
import { SimulationPage } from "@/features/lab/simulation_page.tsx";
import { StrategyPage } from "@/features/lab/strategy_page.tsx";
import type { GameOutcomeSearch, MomentSearch, SimulationSearch } from "./lab.ts";
import { useSearchChange } from "./search_change.ts";
import { useTitle } from "./title.ts";

const gameOutcome = getRouteApi("/lab/game-outcomes/$runId");
const marketShare = getRouteApi("/lab/market-shares/$runId");
const strategy = getRouteApi("/lab/strategies/$runId");
const simulation = getRouteApi("/lab/simulations/$runId");
const evaluation = getRouteApi("/lab/evaluations/$runId");
const batch = getRouteApi("/lab/batches/$runId");

export function GameOutcomeRoute() {
  useTitle("Who beats whom");
  const { runId } = gameOutcome.useParams();
  const { seq, calcutta } = gameOutcome.useSearch();
  const { change, onSeq } = useSearchChange<GameOutcomeSearch>(gameOutcome.useNavigate());
  return (
    <GameOutcomePage
      key={runId}
      runId={runId}
      calcutta={calcutta ?? null}
      onCalcutta={(id) => change({ calcutta: id })}
      seq={seq ?? null}
      onSeq={onSeq}
    />
  );
}

export function MarketShareRoute() {
  useTitle("What others bid");
  const { runId } = marketShare.useParams();
  const { seq } = marketShare.useSearch();
  const { onSeq } = useSearchChange<MomentSearch>(marketShare.useNavigate());
  return <MarketSharePage key={runId} runId={runId} seq={seq ?? null} onSeq={onSeq} />;
}

export function StrategyRoute() {
  useTitle("Bid sheet");
  const { runId } = strategy.useParams();
  const { seq } = strategy.useSearch();
  const { onSeq } = useSearchChange<MomentSearch>(strategy.useNavigate());
  return <StrategyPage key={runId} runId={runId} seq={seq ?? null} onSeq={onSeq} />;
}

export function SimulationRoute() {
  useTitle("Simulation");
  const { runId } = simulation.useParams();
  const { seq, tab = "leaderboard", entry, simulation: nth = 0, fixed, members } = simulation.useSearch();
  const navigate = simulation.useNavigate();
  const { change, onSeq } = useSearchChange<SimulationSearch>(navigate);
  return (
    <SimulationPage
      key={runId}
      runId={runId}
      tab={tab}
      entry={entry ?? null}
      simulation={nth}
      fixed={fixed ?? null}
      members={members ?? null}
      onChange={change}
      onFixed={(next) =>
        void navigate({ search: (before) => ({ ...before, fixed: next }), resetScroll: false })
      }
      onEvaluation={(id) => void navigate({ to: "/lab/evaluations/$runId", params: { runId: id } })}
      seq={seq ?? null}
      onSeq={onSeq}
    />
  );
}

export function EvaluationRoute() {
  useTitle("Candidates compared");
  const { runId } = evaluation.useParams();
  const { seq } = evaluation.useSearch();
  const { onSeq } = useSearchChange<MomentSearch>(evaluation.useNavigate());
  return <EvaluationPage key={runId} runId={runId} seq={seq ?? null} onSeq={onSeq} />;
}

export function BatchRoute() {
  useTitle("Cohort simulated");
  const { runId } = batch.useParams();
  const { seq } = batch.useSearch();
  const { onSeq } = useSearchChange<MomentSearch>(batch.useNavigate());
  return <BatchPage key={runId} runId={runId} seq={seq ?? null} onSeq={onSeq} />;
}
