/** The lab's types under short names, derived from the generated `schema.d.ts`. */
import type { components } from "./schema.d.ts";

type Schemas = components["schemas"];

export type LabRun = Schemas["lab.Run"];
export type LabKind = LabRun["run_kind"];
export type Lineage = Schemas["lab.Lineage"];
export type Resolution = Schemas["lab.Resolution"];

export type Tournament = Schemas["lab.Tournament"];
export type TournamentItem = Schemas["lab.TournamentItem"];
export type Field = Schemas["lab.Field"];
export type Team = Schemas["lab.Team"];
export type Game = Schemas["lab.Game"];
export type StateItem = Schemas["lab.StateItem"];
export type PlayedBracket = Schemas["lab.PlayedBracket"];
export type SealProof = Schemas["lab.SealProof"];

export type CalcuttaItem = Schemas["lab.CalcuttaItem"];
export type Snapshot = Schemas["lab.Snapshot"];
export type SnapshotContent = Schemas["lab.SnapshotContent"];
export type SnapshotItem = Schemas["lab.SnapshotItem"];
export type SnapshotRequest = Schemas["lab.SnapshotRequest"];
export type SyntheticRules = Schemas["lab.SyntheticRules"];
export type Entry = Schemas["lab.Entry"];
export type Bid = Schemas["lab.Bid"];
export type ScoringRule = Schemas["lab.ScoringRule"];

export type GameOutcomeModel = Schemas["lab.GameOutcomeModel"];
export type GameOutcomeResult = Schemas["lab.GameOutcomeResult"];
export type PairProbability = Schemas["lab.PairProbability"];
export type TeamOdds = Schemas["lab.TeamOdds"];
export type GameOutcomeRequest = Schemas["lab.GameOutcomeRequest"];
export type MarketShareModel = Schemas["lab.MarketShareModel"];
export type MarketShareRequest = Schemas["lab.MarketShareRequest"];
export type MarketShareResult = Schemas["lab.MarketShareResult"];
export type Returns = Schemas["lab.Returns"];
export type TeamReturns = Schemas["lab.TeamReturns"];
export type StrategyRequest = Schemas["lab.StrategyRequest"];
export type StrategyResult = Schemas["lab.StrategyResult"];
export type TeamBid = Schemas["lab.TeamBid"];

export type SimulationRequest = Schemas["lab.SimulationRequest"];
export type Simulation = Schemas["lab.Simulation"];
export type SimulationResult = Schemas["lab.SimulationResult"];
export type LeaderboardRow = Schemas["lab.LeaderboardRow"];
export type Estimate = Schemas["lab.Estimate"];
export type Distribution = Schemas["lab.Distribution"];
export type Ownership = Schemas["lab.Ownership"];

export type Candidate = Schemas["lab.Candidate"];
export type CandidateRequest = Schemas["lab.CandidateRequest"];
export type ChangeCandidate = Schemas["lab.ChangeCandidate"];
export type Cohort = Schemas["lab.Cohort"];
export type ChangeCohort = Schemas["lab.ChangeCohort"];
export type CohortRequest = Schemas["lab.CohortRequest"];
export type SyntheticCalcutta = Schemas["lab.SyntheticCalcutta"];
export type ChangeSyntheticCalcutta = Schemas["lab.ChangeSyntheticCalcutta"];
export type SyntheticCalcuttaRequest = Schemas["lab.SyntheticCalcuttaRequest"];
export type EvaluationRequest = Schemas["lab.EvaluationRequest"];
export type EvaluationResult = Schemas["lab.EvaluationResult"];
export type Batch = Schemas["lab.Batch"];
export type BatchRequest = Schemas["lab.BatchRequest"];
export type GenerateSeasons = Schemas["lab.GenerateSeasons"];
export type Conditioned = Schemas["lab.Conditioned"];
export type GameResult = Schemas["lab.GameResult"];
export type Portfolio = Schemas["lab.Portfolio"];
export type PortfolioRequest = Schemas["lab.PortfolioRequest"];
export type LiveRequest = Schemas["lab.LiveRequest"];
export type LiveAuction = Schemas["lab.LiveAuction"];
export type SoldTeam = Schemas["lab.SoldTeam"];
export type SeasonFiles = Schemas["lab.SeasonFiles"];
export type SeasonPart = Schemas["lab.SeasonPart"];
export type SeasonReport = Schemas["lab.SeasonReport"];
export type SeasonRequest = Schemas["lab.SeasonRequest"];
export type IntakeReport = Schemas["lab.IntakeReport"];
export type SeasonInspection = Schemas["lab.SeasonInspection"];
export type BidSheet = Schemas["lab.BidSheet"];
export type Coverage = Schemas["lab.Coverage"];
export type ModelCoverage = Schemas["lab.ModelCoverage"];
export type BulkQuery = Schemas["lab.BulkQuery"];
export type BulkProposal = Schemas["lab.BulkProposal"];
export type BulkRun = Schemas["lab.BulkRun"];
export type ModelStanding = Schemas["lab.ModelStanding"];
