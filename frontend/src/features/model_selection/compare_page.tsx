import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { Play } from "lucide-react";
import { useState } from "react";
import type { Catalog, CatalogEntry, ComparisonItem } from "@/api/types.ts";
import { count, quantity, words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { NumberField, SelectField } from "@/ui/field.tsx";
import { Empty, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Badge } from "@/ui/status.tsx";
import { When } from "@/ui/time.tsx";
import { type Draft, EMPTY_DRAFT, MAX_MODELS, missing, requestOf } from "./draft.ts";
import { FramePanel } from "./frame_panel.tsx";
import {
  availabilityQuery,
  catalogQuery,
  comparisonsQuery,
  startComparison,
  uploadDataset,
} from "./queries.ts";
import { SourcePanel } from "./source_panel.tsx";

const METRICS = [
  { value: "wape", label: "WAPE (%)" },
  { value: "smape", label: "sMAPE (%)" },
  { value: "mae", label: "MAE (units)" },
  { value: "bias", label: "Bias, by size (units)" },
];

/** Puts a comparison together and starts it. */
export function ComparePage({ onStarted }: { onStarted: (selectionId: string) => void }) {
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT);
  const catalog = useQuery(catalogQuery);
  const models = draft.models ?? defaults(catalog.data);
  const blocker = missing(draft, models);
  const submit = useSubmit(draft, models, onStarted);
  return (
    <div className="grid gap-5">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">Compare models</h1>
        <p className="text-ink-2 max-w-[72ch] text-pretty">
          Race models on your own series over the same rolling folds. Each is judged only on values it has not
          seen, and the ranking says how sure it is.
        </p>
      </header>
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
        <Panel>
          <div className="grid gap-5">
            <SourcePanel draft={draft} onDraft={setDraft} />
            <div className="grid sm:grid-cols-3 gap-3">
              <NumberField
                label="Horizon"
                hint="Steps to forecast, 1 to 90"
                value={draft.horizon}
                onChange={(horizon) => setDraft({ ...draft, horizon })}
                min={1}
                max={90}
              />
              <NumberField
                label="Season"
                hint="Steps in a season; empty: the usual one"
                value={draft.season}
                onChange={(season) => setDraft({ ...draft, season })}
                min={1}
                max={365}
                placeholder="auto"
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
                <Models
                  catalog={catalog.data}
                  chosen={models}
                  onChange={(next) => setDraft({ ...draft, models: next })}
                />
                <FramePanel catalog={catalog.data} models={models} draft={draft} onDraft={setDraft} />
              </>
            ) : (
              <Loading label="Loading the models" />
            )}
            {submit.error ? <ProblemNote error={submit.error} /> : null}
            <div className="flex flex-wrap items-center gap-3 border-t border-line -mx-4 -mb-4 px-4 py-3 bg-sunken rounded-b-lg">
              <p className="text-sm text-ink-2 num">
                {blocker ?? `${count(models.length)} models, ready to race.`}
              </p>
              <Button
                kind="primary"
                className="ml-auto px-5"
                disabled={blocker !== null || submit.isPending}
                onClick={() => submit.mutate()}
              >
                <Play aria-hidden /> {submit.isPending ? "Starting…" : "Start comparison"}
              </Button>
            </div>
          </div>
        </Panel>
        <Recent />
      </div>
    </div>
  );
}

function useSubmit(draft: Draft, models: readonly string[], onStarted: (id: string) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      if (draft.source === "file" && draft.file) {
        const dataset = await uploadDataset(draft.file);
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

function Models(props: {
  catalog: Catalog;
  chosen: readonly string[];
  onChange: (models: string[]) => void;
}) {
  const { catalog, chosen, onChange } = props;
  const families = [...new Set(catalog.models.map((model) => model.family))];
  const toggle = (model: string, isChosen: boolean) =>
    onChange(isChosen ? [...chosen, model] : chosen.filter((each) => each !== model));
  return (
    <fieldset className="grid gap-3 min-w-0">
      <legend className="text-sm font-medium mb-1">
        Models{" "}
        <span className="num font-normal text-ink-3">
          {chosen.length} of {MAX_MODELS} at most
        </span>
      </legend>
      {families.map((family) => (
        <div key={family} className="grid gap-1.5">
          <div className="eyebrow">{words(family)}</div>
          <div className="grid sm:grid-cols-2 lg:grid-cols-3 gap-x-4 gap-y-2">
            {catalog.models
              .filter((model) => model.family === family)
              .map((model) => (
                <ModelChoice
                  key={model.model_type}
                  model={model}
                  isChosen={chosen.includes(model.model_type)}
                  isFull={chosen.length >= MAX_MODELS}
                  onToggle={toggle}
                />
              ))}
          </div>
        </div>
      ))}
    </fieldset>
  );
}

function ModelChoice(props: {
  model: CatalogEntry;
  isChosen: boolean;
  isFull: boolean;
  onToggle: (model: string, isChosen: boolean) => void;
}) {
  const { model, isChosen, isFull, onToggle } = props;
  const isOff = !model.available || (isFull && !isChosen);
  return (
    <label
      className={clsx("flex gap-2 items-start text-sm min-w-0", isOff ? "text-ink-3" : "cursor-pointer")}
    >
      <input
        type="checkbox"
        className="mt-0.5 size-4 shrink-0 accent-[var(--accent)]"
        checked={isChosen}
        disabled={isOff}
        onChange={(event) => onToggle(model.model_type, event.target.checked)}
      />
      <span className="min-w-0">
        <span className="font-medium">{model.label}</span>
        <span className="block text-xs text-ink-3 text-pretty">
          {model.available ? model.description : (model.unavailable_reason ?? "Not in this version.")}
        </span>
      </span>
    </label>
  );
}

function Recent() {
  const list = useQuery(comparisonsQuery);
  return (
    <Panel title="Recent comparisons" isFlush>
      {list.error ? (
        <div className="p-3">
          <ProblemNote error={list.error} />
        </div>
      ) : null}
      {list.isPending ? <Loading label="Loading comparisons" /> : null}
      {list.data?.items.length === 0 ? (
        <Empty title="None yet">
          Your comparisons stay here with their ranking, and each can be replayed as a run.
        </Empty>
      ) : null}
      <ul className="divide-y divide-line">
        {list.data?.items.map((item) => (
          <RecentItem key={item.selection_id} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

function RecentItem({ item }: { item: ComparisonItem }) {
  const what = item.dataset_id
    ? `${count(item.series_total)} series`
    : `Store ${item.store_id} × product ${item.product_id}`;
  return (
    <li>
      <Link
        to="/compare/$selectionId"
        params={{ selectionId: item.selection_id }}
        className="grid gap-0.5 px-4 py-2.5 hover:bg-hover"
      >
        <span className="flex items-center gap-2">
          <span className="font-medium truncate">
            {item.winner_model_type ? words(item.winner_model_type) : "No champion"}
          </span>
          <span className="ml-auto">
            <Badge status={item.status} />
          </span>
        </span>
        <span className="num text-xs text-ink-3 flex gap-1.5">
          {what} · {count(item.candidates_total)} models
          {item.winner_value !== null
            ? ` · ${item.ranking_metric.toUpperCase()} ${quantity(item.winner_value)}`
            : ""}
          <span className="ml-auto">
            <When at={item.created_at} />
          </span>
        </span>
      </Link>
    </li>
  );
}
