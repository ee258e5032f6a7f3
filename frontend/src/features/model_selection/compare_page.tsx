import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { catalogQuery } from "@/api/catalog.ts";
import type { Availability } from "@/api/types.ts";
import { plural } from "@/lib/format.ts";
import { SelectField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { type Draft, EMPTY_DRAFT, missing, requestOf } from "./draft.ts";
import { FeatureSetPanel } from "./feature_set_panel.tsx";
import { FoldsFigure } from "./folds_figure.tsx";
import { FoldsPanel } from "./folds_panel.tsx";
import { isRefused, unreadOf, useInspection } from "./inspection.ts";
import { useKeptDraft } from "./kept_draft.ts";
import { ModelsChoice } from "./models_choice.tsx";
import { type PreviewState, previewOf, usePreview } from "./preview.ts";
import { availabilityQuery, startComparison, uploadDataset } from "./queries.ts";
import { RacingField } from "./racing_field.tsx";
import { readingOf } from "./reading.ts";
import { Ready } from "./ready.tsx";
import { RecentPanel } from "./recent_panel.tsx";
import { SourcePanel } from "./source_panel.tsx";
import { StartBar } from "./start_bar.tsx";
import { StepFields } from "./step_fields.tsx";

const METRICS = [
  { value: "", label: "What the series ask for" },
  { value: "rel_mae", label: "Relative MAE, series alike" },
  { value: "mase", label: "MASE, series alike" },
  { value: "rmsse", label: "RMSSE, series alike" },
  { value: "smape", label: "sMAPE (%)" },
  { value: "pinball", label: "Pinball loss, series alike" },
  { value: "wape", label: "WAPE (%), by volume: pooled over several series" },
  { value: "wrmsse", label: "WRMSSE, by volume" },
  { value: "mae", label: "MAE (units)" },
  { value: "rmse", label: "RMSE (units)" },
  { value: "bias", label: "Bias, by size (units)" },
];

/** Puts a comparison together and starts it. */
export function ComparePage({ onStarted }: { onStarted: (selectionId: string) => void }) {
  const [draft, setDraft] = useKeptDraft("assay.compare.4", EMPTY_DRAFT);
  const catalog = useQuery(catalogQuery);
  const { models } = draft;
  const pair = useQuery({
    ...availabilityQuery(draft.storeId, draft.productId, draft.horizon ?? 14),
    enabled: draft.source === "pair" && draft.storeId !== null && draft.productId !== null,
  });
  const inspection = useInspection(draft, draft.source === "file");
  const blocker = missing(draft, unreadOf(inspection)) ?? (draft.source === "pair" ? unreadyOf(pair) : null);
  const isPlannable = draft.source === "file" && missing(draft) === null;
  const planned = usePreview(isPlannable ? previewOf("comparison", draft, inspection.report) : null);
  const submit = useSubmit(draft, onStarted);
  const change = (next: Draft) => {
    // What was refused of one file, or of one way to read it, says nothing of another.
    const isOther =
      next.file !== draft.file || next.reading !== draft.reading || next.source !== draft.source;
    if (isOther) submit.reset();
    setDraft(next);
  };
  return (
    <div className="grid gap-5">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">Compare models</h1>
        <p className="text-ink-2 max-w-[72ch] text-pretty">
          Compare models on your own series over the same rolling folds. Each is judged only on values it has
          not seen, and the ranking says how sure it is.
        </p>
      </header>
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
        <Panel>
          <div className="grid gap-5">
            <SourcePanel draft={draft} onDraft={change} inspection={inspection} />
            <div className="grid sm:grid-cols-3 gap-3">
              <StepFields
                horizon={draft.horizon}
                season={draft.season}
                maxHorizon={90}
                unsaid="the usual one"
                onChange={(next) => setDraft({ ...draft, ...next })}
              />
              <SelectField
                label="Rank by"
                hint="One series: WAPE. Several: relative MAE"
                value={draft.metric}
                onChange={(metric) => setDraft({ ...draft, metric: metric as Draft["metric"] })}
                options={METRICS}
              />
            </div>
            <ModelsChoice
              chosen={models}
              about="Those chosen are compared on the same folds."
              onChange={(next) => setDraft({ ...draft, models: next })}
            />
            <FoldsFigure
              report={inspection.report}
              preview={planned.preview}
              fewest={2}
              onFolds={(n_splits) => setDraft({ ...draft, folds: { ...draft.folds, n_splits } })}
            />
            <FoldsPanel draft={draft} onChange={(next) => setDraft({ ...draft, ...next })} />
            {catalog.data ? (
              <>
                <RacingField catalog={catalog.data} models={models} draft={draft} onDraft={setDraft} />
                <FeatureSetPanel catalog={catalog.data} models={models} draft={draft} onDraft={setDraft} />
              </>
            ) : null}
            {submit.error || isRefused(planned.error) ? (
              <ProblemNote error={submit.error ?? planned.error} />
            ) : null}
            <StartBar
              blocker={blocker}
              ready={<Ready what={startingOf(models.length, planned)} planned={planned} />}
              label="Start comparison"
              isPending={submit.isPending}
              onStart={() => submit.mutate()}
            />
          </div>
        </Panel>
        <RecentPanel />
      </div>
    </div>
  );
}

function useSubmit(draft: Draft, onStarted: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (draft.source === "file" && draft.file) {
        const dataset = await uploadDataset(draft.file, readingOf(draft.reading));
        return startComparison(requestOf(draft, { datasetId: dataset.dataset_id }));
      }
      const availability = await queries.fetchQuery(
        availabilityQuery(draft.storeId, draft.productId, draft.horizon ?? 14),
      );
      return startComparison(requestOf(draft, { availability }));
    },
    onSuccess: (selectionId) => {
      void queries.invalidateQueries({ queryKey: ["model-selection", "list"] });
      onStarted(selectionId);
    },
  });
}

/** Why a pair cannot be compared on, or not yet: nothing is called ready that was not looked at. */
function unreadyOf({ data, error }: { data?: Availability | undefined; error: unknown }): string | null {
  if (error) return "This pair cannot be compared on.";
  if (!data) return "Looking at the days of this pair.";
  return data.status === "unusable" ? "This pair has too little history." : null;
}

/** So many models as were named, or as the series ask for. */
function startingOf(models: number, { preview, isSettled }: PreviewState): string {
  const count = preview && isSettled ? preview.candidates.length : models;
  return count === 0
    ? "The models that the data ask for, ready to start."
    : `${plural(count, "model")}, ready to start.`;
}
