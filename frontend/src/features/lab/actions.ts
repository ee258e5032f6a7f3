/** What the pages ask the lab to keep or to compute. What is submitted answers the id of its run. */
import { api, ask } from "@/api/client.ts";
import type {
  BatchRequest,
  BidSheet,
  BulkQuery,
  BulkRun,
  Candidate,
  CandidateRequest,
  ChangeCandidate,
  ChangeCohort,
  ChangeSyntheticCalcutta,
  Cohort,
  CohortRequest,
  EvaluationRequest,
  GameOutcomeRequest,
  GenerateSeasons,
  MarketShareRequest,
  SeasonRequest,
  SimulationRequest,
  Snapshot,
  SnapshotRequest,
  StrategyRequest,
  SyntheticCalcutta,
  SyntheticCalcuttaRequest,
  SyntheticRules,
} from "@/api/lab.ts";

type Accepted = Promise<{ run_id: string }>;

export function generateSeasons(body: GenerateSeasons) {
  return ask(api.POST("/lab/seasons/generate", { body }));
}

export function keepSeason(body: SeasonRequest) {
  return ask(api.POST("/lab/seasons", { body }));
}

export function importCandidates(body: BidSheet) {
  return ask(api.POST("/lab/candidates/import", { body }));
}

/** Makes the cohorts of all models there are; those that are there stay. */
export function syncCohorts() {
  return ask(api.POST("/lab/cohorts/sync"));
}

/** What would be submitted, with everything it stands on; nothing is. */
export function proposeRuns(body: BulkQuery) {
  return ask(api.POST("/lab/bulk-runs/propose", { body }));
}

/** Submits exactly what was proposed. */
export function submitRuns(runs: BulkRun[]) {
  return ask(api.POST("/lab/bulk-runs", { body: { runs } }));
}

export function startGameOutcome(body: GameOutcomeRequest): Accepted {
  return ask(api.POST("/lab/game-outcomes", { body }));
}

export function startMarketShare(body: MarketShareRequest): Accepted {
  return ask(api.POST("/lab/market-shares", { body }));
}

export function startStrategy(body: StrategyRequest): Accepted {
  return ask(api.POST("/lab/strategies", { body }));
}

export function startSimulation(body: SimulationRequest): Accepted {
  return ask(api.POST("/lab/simulations", { body }));
}

export function startEvaluation(body: EvaluationRequest): Accepted {
  return ask(api.POST("/lab/evaluations", { body }));
}

export function startBatch(body: BatchRequest): Accepted {
  return ask(api.POST("/lab/batches", { body }));
}

export function keepCandidate(body: CandidateRequest): Promise<Candidate> {
  return ask(api.POST("/lab/candidates", { body }));
}

export function keepCohort(body: CohortRequest): Promise<Cohort> {
  return ask(api.POST("/lab/cohorts", { body }));
}

export function keepSyntheticCalcutta(body: SyntheticCalcuttaRequest): Promise<SyntheticCalcutta> {
  return ask(api.POST("/lab/synthetic-calcuttas", { body }));
}

/** Makes another snapshot of one, which stays as it is. */
export function makeSnapshot(body: SnapshotRequest): Promise<Snapshot> {
  return ask(api.POST("/lab/snapshots", { body }));
}

export function attach(synthetic_calcutta_id: string, candidate_id: string): Promise<SyntheticCalcutta> {
  return ask(api.POST("/lab/attachments", { body: { synthetic_calcutta_id, candidate_id } }));
}

export function detach(attachment_id: string): Promise<SyntheticCalcutta> {
  return ask(api.DELETE("/lab/attachments/{attachment_id}", { params: { path: { attachment_id } } }));
}

/** What a change names as the version it was made of: refused if somebody has changed it since. */
function ifMatch(version: number) {
  return { "If-Match": `"${version}"` };
}

export function changeCohort(cohort_id: string, version: number, body: ChangeCohort): Promise<Cohort> {
  const params = { path: { cohort_id }, header: ifMatch(version) };
  return ask(api.PATCH("/lab/cohorts/{cohort_id}", { params, body }));
}

export function changeCandidate(
  candidate_id: string,
  version: number,
  body: ChangeCandidate,
): Promise<Candidate> {
  const params = { path: { candidate_id }, header: ifMatch(version) };
  return ask(api.PATCH("/lab/candidates/{candidate_id}", { params, body }));
}

export function changeSynthetic(
  synthetic_calcutta_id: string,
  version: number,
  body: ChangeSyntheticCalcutta,
): Promise<SyntheticCalcutta> {
  const params = { path: { synthetic_calcutta_id }, header: ifMatch(version) };
  return ask(api.PATCH("/lab/synthetic-calcuttas/{synthetic_calcutta_id}", { params, body }));
}

/** Other rules, all of them, on a new snapshot with the same entries. */
export function replaceRules(
  synthetic_calcutta_id: string,
  version: number,
  body: SyntheticRules,
): Promise<SyntheticCalcutta> {
  const params = { path: { synthetic_calcutta_id }, header: ifMatch(version) };
  return ask(api.PUT("/lab/synthetic-calcuttas/{synthetic_calcutta_id}/rules", { params, body }));
}
