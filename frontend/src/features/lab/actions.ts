/** What the pages ask the lab to keep or to compute. What is submitted answers the id of its run. */
import { api, ask } from "@/api/client.ts";
import type {
  BatchRequest,
  Candidate,
  CandidateRequest,
  Cohort,
  CohortRequest,
  EvaluationRequest,
  GameOutcomeRequest,
  GenerateSeasons,
  MarketShareRequest,
  SimulationRequest,
  StrategyRequest,
  SyntheticCalcutta,
  SyntheticCalcuttaRequest,
} from "@/api/lab.ts";

type Accepted = Promise<{ run_id: string }>;

export function generateSeasons(body: GenerateSeasons) {
  return ask(api.POST("/lab/seasons/generate", { body }));
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

export function attach(synthetic_calcutta_id: string, candidate_id: string): Promise<SyntheticCalcutta> {
  return ask(api.POST("/lab/attachments", { body: { synthetic_calcutta_id, candidate_id } }));
}

export function detach(attachment_id: string): Promise<SyntheticCalcutta> {
  return ask(api.DELETE("/lab/attachments/{attachment_id}", { params: { path: { attachment_id } } }));
}

/** Refused if somebody has changed it since it was read. */
export function highlight(
  { synthetic_calcutta_id, version }: SyntheticCalcutta,
  highlighted_entry_id: string,
): Promise<SyntheticCalcutta> {
  const params = { path: { synthetic_calcutta_id }, header: { "If-Match": `"${version}"` } };
  const body = { highlighted_entry_id };
  return ask(api.PATCH("/lab/synthetic-calcuttas/{synthetic_calcutta_id}", { params, body }));
}
