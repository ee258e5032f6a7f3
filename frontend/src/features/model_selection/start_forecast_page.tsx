import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { stepsOf } from "@/lib/calendar.ts";
import { buttonClass } from "@/ui/button.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { FileSource } from "./file_source.tsx";
import { FoldsFigure } from "./folds_figure.tsx";
import { FoldsPanel } from "./folds_panel.tsx";
import {
  EMPTY_FORECAST,
  type ForecastDraft,
  forecastRequestOf,
  MAX_HORIZON,
  missingOfForecast,
} from "./forecast_draft.ts";
import { forecastQuery, startForecast } from "./forecast_queries.ts";
import { unreadOf, useInspection } from "./inspection.ts";
import { useKeptDraft } from "./kept_draft.ts";
import { ModelsChoice } from "./models_choice.tsx";
import { previewOf, usePreview } from "./preview.ts";
import { uploadDataset } from "./queries.ts";
import { FREQUENCIES, readingOf } from "./reading.ts";
import { Ready } from "./ready.tsx";
import { RecentForecasts } from "./recent_forecasts.tsx";
import { StartBar } from "./start_bar.tsx";
import { StepFields } from "./step_fields.tsx";

const GRIDS = FREQUENCIES.filter(({ value }) => value !== "each");

/** Puts a forecast together and starts it. */
export function StartForecastPage(props: {
  /** An earlier forecast whose models and weights are to be taken. */
  champion: string | null;
  onStarted: (runId: string) => void;
}) {
  const { champion, onStarted } = props;
  const [draft, setDraft] = useKeptDraft("assay.forecast.2", EMPTY_FORECAST);
  const earlier = useQuery({ ...forecastQuery(champion ?? ""), enabled: champion !== null });
  const isUnusable = champion !== null && (earlier.isError || (earlier.data && !earlier.data.result));
  const inspection = useInspection(draft);
  // What an earlier forecast decided on is not planned anew.
  const isPlannable = champion === null && missingOfForecast(draft) === null;
  const planned = usePreview(isPlannable ? previewOf("forecast", draft, inspection.report) : null);
  const submit = useMutation({ mutationFn: () => start(draft, champion), onSuccess: onStarted });
  const change = (next: ForecastDraft) => {
    // What was refused of one file, or of one way to read it, says nothing of another.
    if (next.file !== draft.file || next.reading !== draft.reading) submit.reset();
    setDraft(next);
  };
  return (
    <div className="grid gap-5">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">Forecast</h1>
        <p className="text-ink-2 max-w-[72ch] text-pretty">
          Give a file of series and get what comes next of each, with how sure that is.{" "}
          {champion
            ? "Models and weights are those that an earlier forecast decided on; nothing is chosen anew."
            : "Models are tried on the past and weighed for each series by how well they did there."}
        </p>
      </header>
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
        <Panel>
          <div className="grid gap-5">
            <div className="grid gap-3">
              <FileSource draft={draft} onDraft={change} inspection={inspection} />
            </div>
            {champion ? <Champion runId={champion} isUnusable={isUnusable === true} /> : null}
            <div className="grid sm:grid-cols-3 gap-3">
              <StepFields
                horizon={draft.horizon}
                season={champion ? undefined : draft.season}
                maxHorizon={MAX_HORIZON}
                unsaid="what the data show"
                onChange={(next) => setDraft({ ...draft, ...next })}
              />
              {draft.reading.frequency === "each" ? (
                <SelectField
                  label="Which series"
                  hint="Those of one frequency are forecast together"
                  value={draft.frequency}
                  onChange={(frequency) => setDraft({ ...draft, frequency })}
                  options={[{ value: "", label: "Those with the most dates" }, ...GRIDS]}
                />
              ) : null}
            </div>
            {champion ? null : (
              <ModelsChoice
                chosen={draft.models}
                about="One alone is used as it is; several are weighed for each series."
                onChange={(models) => setDraft({ ...draft, models })}
              />
            )}
            <FoldsFigure
              report={inspection.report}
              preview={planned.preview}
              fewest={1}
              onFolds={(n_splits) => setDraft({ ...draft, folds: { ...draft.folds, n_splits } })}
            />
            <FoldsPanel draft={draft} onChange={(change) => setDraft({ ...draft, ...change })} />
            {submit.error ? <ProblemNote error={submit.error} /> : null}
            <StartBar
              blocker={
                isUnusable ? "There is no decision to take." : missingOfForecast(draft, unreadOf(inspection))
              }
              ready={
                <Ready
                  what={`${stepsOf(draft.horizon ?? 0, inspection.report?.frequency ?? "")} of every series, ready to start.`}
                  planned={planned}
                />
              }
              label="Start forecast"
              isPending={submit.isPending}
              onStart={() => submit.mutate()}
            />
          </div>
        </Panel>
        <RecentForecasts />
      </div>
    </div>
  );
}

/** Says whose decision is taken, and the way back to a new one. */
function Champion({ runId, isUnusable }: { runId: string; isUnusable: boolean }) {
  return (
    <p className="text-sm bg-sunken border border-line rounded-md px-3 py-2 flex flex-wrap items-center gap-3">
      {isUnusable ? (
        <span>The address names no forecast that came to a decision.</span>
      ) : (
        <span>
          With the models and weights of{" "}
          <Link to="/forecast/$runId" params={{ runId }} className="text-accent underline">
            an earlier forecast
          </Link>
          . Series it does not know take its mean weights.
        </span>
      )}
      <Link to="/forecast" className={buttonClass("plain", "sm")}>
        Choose anew
      </Link>
    </p>
  );
}

async function start(draft: ForecastDraft, champion: string | null): Promise<string> {
  if (!draft.file) throw new Error("there is no file to read");
  const dataset = await uploadDataset(draft.file, readingOf(draft.reading));
  return startForecast(forecastRequestOf(draft, dataset.dataset_id, champion));
}
