import { getRouteApi } from "@tanstack/react-router";
import { CalcuttaPage } from "@/features/lab/calcutta_page.tsx";
import { CandidatePage } from "@/features/lab/candidate_page.tsx";
import { ReturnsPage } from "@/features/lab/returns_page.tsx";
import { TournamentPage } from "@/features/lab/tournament_page.tsx";
import { useTitle } from "./title.ts";

const tournament = getRouteApi("/lab/tournaments/$tournamentId");
const calcutta = getRouteApi("/lab/calcuttas/$calcuttaId");
const returns = getRouteApi("/lab/returns");
const candidate = getRouteApi("/lab/candidates/$candidateId");

/** What is shown of a page changes in place. */
const IN_PLACE = { replace: true, resetScroll: false } as const;

export function TournamentRoute() {
  useTitle("Tournament");
  const { tournamentId } = tournament.useParams();
  const { tab = "field", state } = tournament.useSearch();
  const navigate = tournament.useNavigate();
  return (
    <TournamentPage
      key={tournamentId}
      tournamentId={tournamentId}
      tab={tab}
      state={state ?? null}
      onChange={(change) => void navigate({ search: (before) => ({ ...before, ...change }), ...IN_PLACE })}
      onStarted={(runId) => void navigate({ to: "/lab/game-outcomes/$runId", params: { runId } })}
    />
  );
}

export function CalcuttaRoute() {
  useTitle("Auction");
  const { calcuttaId } = calcutta.useParams();
  const { snapshot, entry, step = "market" } = calcutta.useSearch();
  const navigate = calcutta.useNavigate();
  return (
    <CalcuttaPage
      key={calcuttaId}
      calcuttaId={calcuttaId}
      snapshot={snapshot ?? null}
      entry={entry ?? null}
      step={step}
      onChange={(change) => void navigate({ search: (before) => ({ ...before, ...change }), ...IN_PLACE })}
    />
  );
}

export function ReturnsRoute() {
  useTitle("Worth against price");
  const { snapshot, games, market } = returns.useSearch();
  const isWhole = snapshot !== undefined && games !== undefined && market !== undefined;
  return (
    <ReturnsPage
      of={isWhole ? { snapshot_id: snapshot, game_outcome_run_id: games, market_share_run_id: market } : null}
    />
  );
}

export function CandidateRoute() {
  useTitle("Candidate");
  const { candidateId } = candidate.useParams();
  return <CandidatePage key={candidateId} candidateId={candidateId} />;
}
