import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { catalogQuery } from "@/api/catalog.ts";
import type { Catalog } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { SelectField } from "@/ui/field.tsx";
import { Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { type Draft, EMPTY_DRAFT, missing, readingOf, requestOf } from "./draft.ts";
import { FeatureSetPanel } from "./feature_set_panel.tsx";
import { useKeptDraft } from "./kept_draft.ts";
import { ModelsField } from "./models_field.tsx";
import { availabilityQuery, startComparison, uploadDataset } from "./queries.ts";
import { RacingField } from "./racing_field.tsx";
import { RecentPanel } from "./recent_panel.tsx";
import { SourcePanel } from "./source_panel.tsx";
import { StartBar } from "./start_bar.tsx";
import { StepFields } from "./step_fields.tsx";

const METRICS = [
  { value: "wape", label: "WAPE (%)" },
  { value: "smape", label: "sMAPE (%)" },
  { value: "mae", label: "MAE (units)" },
  { value: "bias", label: "Bias, by size (units)" },
];

/** Puts a comparison together and starts it. */
export function ComparePage({ onStarted }: { onStarted: (selectionId: string) => void }) {
  const [draft, setDraft] = useKeptDraft("assay.compare.1", EMPTY_DRAFT);
  const catalog = useQuery(catalogQuery);
  const models = draft.models ?? defaults(catalog.data);
  const pair = useQuery({
    ...availabilityQuery(draft.storeId, draft.productId, draft.horizon ?? 14),
    enabled: draft.source === "pair" && draft.storeId !== null && draft.productId !== null,
  });
  const isUnusable = draft.source === "pair" && pair.data?.status === "unusable";
  const blocker = missing(draft, models) ?? (isUnusable ? "This pair has too little history." : null);
  const submit = useSubmit(draft, models, onStarted);
  const change = (next: Draft) => {
    // What was refused of one file says nothing of another.
    if (next.file !== draft.file || next.source !== draft.source) submit.reset();
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
            <SourcePanel draft={draft} onDraft={change} refusal={submit.error} />
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
                hint="Ties fall to the other metrics"
                value={draft.metric}
                onChange={(metric) => setDraft({ ...draft, metric: metric as Draft["metric"] })}
                options={METRICS}
              />
            </div>
            {catalog.error ? <ProblemNote error={catalog.error} /> : null}
            {catalog.data ? (
              <>
                <ModelsField
                  catalog={catalog.data}
                  chosen={models}
                  onChange={(next) => setDraft({ ...draft, models: next })}
                />
                <RacingField catalog={catalog.data} models={models} draft={draft} onDraft={setDraft} />
                <FeatureSetPanel catalog={catalog.data} models={models} draft={draft} onDraft={setDraft} />
              </>
            ) : (
              <Loading label="Loading the models" />
            )}
            {submit.error ? <ProblemNote error={submit.error} /> : null}
            <StartBar
              blocker={blocker}
              ready={`${count(models.length)} models, ready to start.`}
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

function useSubmit(draft: Draft, models: readonly string[], onStarted: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (draft.source === "file" && draft.file) {
        const dataset = await uploadDataset(draft.file, readingOf(draft));
        return startComparison(requestOf(draft, models, { datasetId: dataset.dataset_id }));
      }
      const availability = await queries.fetchQuery(
        availabilityQuery(draft.storeId, draft.productId, draft.horizon ?? 14),
      );
      return startComparison(requestOf(draft, models, { availability }));
    },
    onSuccess: (selectionId) => {
      void queries.invalidateQueries({ queryKey: ["model-selection", "list"] });
      onStarted(selectionId);
    },
  });
}

function defaults(catalog: Catalog | undefined): string[] {
  const available = new Set(
    catalog?.models.filter((model) => model.available).map((model) => model.model_type),
  );
  return (catalog?.default_candidate_model_types ?? []).filter((model) => available.has(model));
}
