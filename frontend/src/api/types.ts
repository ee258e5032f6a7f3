/** The contract's types under short names. Everything here is derived from the generated `schema.d.ts`. */
import type { components, paths } from "./schema.d.ts";

type Ok<P extends keyof paths, M extends keyof paths[P], C extends number> = paths[P][M] extends {
  responses: infer R;
}
  ? C extends keyof R
    ? R[C] extends { content: { "application/json": infer B } }
      ? B
      : never
    : never
  : never;

type Body<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  requestBody: { content: { "application/json": infer B } };
}
  ? B
  : never;

export type Session = Ok<"/session", "get", 200>;
export type Scope = Session["scopes"][number];
export type Token = Ok<"/access/tokens", "get", 200>["items"][number];
export type NewToken = Body<"/access/tokens", "post">;
export type MadeToken = Ok<"/access/tokens", "post", 201>;
export type AccessEvent = Ok<"/access/events", "get", 200>["items"][number];
export type RunPage = Ok<"/runs", "get", 200>;
export type RunItem = RunPage["items"][number];
export type RunStatus = RunItem["status"];
export type RunDetail = Ok<"/runs/{run_id}", "get", 200>;
export type Question = RunDetail["questions"][number];
export type Artifact = RunDetail["artifacts"][number];
/** An address under which a file can be had for a while. */
export type DownloadLink = Ok<"/artifacts/{artifact_id}/download-url", "post", 200>;
export type Verification = Ok<"/runs/{run_id}/verify", "get", 200>;
export type VerifiedPart = Verification["parts"][number];
export type Accepted = Ok<"/runs/{run_id}/reproduce", "post", 202>;
export type RetentionRequest = Body<"/runs/retention", "post">;
export type Retention = Ok<"/runs/retention", "post", 200>;
export type RemovedArtifact = components["schemas"]["runs.RemovedArtifact"];
export type ReproducedArtifact = Ok<"/runs/{run_id}/reproduction", "get", 200>["artifacts"][number];
/** Two runs side by side, a page of their rows. */
export type Diff = Ok<"/runs/{run_id}/diff/{other_run_id}", "get", 200>;
export type DiffSide = Diff["left"];
export type DiffEntry = Diff["entries"][number];
export type DiffField = DiffEntry["fields"][number];
/** A conversation's frames, run after run, and where it was cut. */
export type ConversationReplay = Ok<"/conversations/{conversation_id}/replay/events", "get", 200>;
export type Cut = Ok<"/conversations/{conversation_id}/truncate", "post", 201>;
export type Scenario = Ok<"/demo/scenarios", "get", 200>[number];
export type WholeShowcaseRequest = Body<"/demo/runs", "post">;
/** What the steps of a showcase find, by their names. */
export interface Found {
  seed: components["schemas"]["demo.Seeded"];
  train: components["schemas"]["demo.Trained"];
  backtest: components["schemas"]["demo.Winner"];
  verify: components["schemas"]["demo.Verified"];
}
export type World = Ok<"/worlds", "get", 200>["items"][number];
export type PairPage = Ok<"/worlds/{world_id}/pairs", "get", 200>;
export type Dataset = Ok<"/datasets/{dataset_id}", "get", 200>;
/** What was read of a file, and what was assumed. */
export type FileReport = Ok<"/datasets/inspect", "post", 200>;
/** How a file is read where it does not say so itself. */
export type StatedReading = Omit<paths["/datasets/inspect"]["post"]["parameters"]["query"], "name">;
/** The last rows of a series of a file. */
export type Sketch = FileReport["sketches"][number];
export type PreviewRequest = Body<"/model-selection/preview", "post">;
/** What a comparison would do. */
export type Preview = Ok<"/model-selection/preview", "post", 200>;
export type PreviewFold = Preview["series"][number]["folds"][number];
export type Availability = Ok<"/model-selection/availability", "get", 200>;
export type Catalog = Ok<"/model-selection/models", "get", 200>;
export type CatalogEntry = Catalog["models"][number];
export type Comparison = Ok<"/model-selection/{selection_id}", "get", 200>;
export type ComparisonItem = Ok<"/model-selection/runs", "get", 200>["items"][number];
export type RankingDetail = Ok<"/model-selection/{selection_id}/ranking", "get", 200>;
export type SeriesRanking = Ok<"/model-selection/{selection_id}/series", "get", 200>["items"][number];
export type RankEntry = SeriesRanking["entries"][number];
export type OverallEntry = RankingDetail["entries"][number];
export type WholeCompareRequest = Body<"/model-selection/runs", "post">;
/** The generator takes every field with a default for required; what a defaulted field means is left to the server. */
type Defaulted = "gaps" | "feature_frame_version" | "racing";
export type CompareRequest = Omit<WholeCompareRequest, Defaulted> &
  Partial<Pick<WholeCompareRequest, Defaulted>>;
export type FleetForecast = Ok<"/forecasts/{forecast_id}", "get", 200>;
export type FleetResult = NonNullable<FleetForecast["result"]>;
export type FleetStanding = FleetResult["standings"][number];
export type SeriesForecast = Ok<"/forecasts/{forecast_id}/series", "get", 200>["items"][number];
export type WholeForecastRequest = Body<"/forecasts", "post">;
export type ForecastRequest = Omit<WholeForecastRequest, "gaps"> &
  Partial<Pick<WholeForecastRequest, "gaps">>;
export type StatedFolds = components["schemas"]["fleet_forecast.Folds"];
export type SeriesCharts = Ok<"/model-selection/{selection_id}/charts", "get", 200>;
