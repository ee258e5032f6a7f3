/** What a run would do, asked for while it is put together: its folds, and about how long it takes. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, ask } from "@/api/client.ts";
import type { FileReport, Preview, PreviewRequest } from "@/api/types.ts";
import { plural } from "@/lib/format.ts";
import { type FoldsDraft, statedOf } from "./folds_draft.ts";

const TYPING_MS = 400;

/** What is asked for, as far as a plan depends on it. */
export interface Planned extends FoldsDraft {
  horizon: number | null;
  season: number | null;
  models: readonly string[];
}

/** A plan that is waited for or there. */
export type PreviewState = ReturnType<typeof usePreview>;

/** The plan of the last settled request; `null` while there is nothing to plan. It stays in sight while the next one is waited for. */
export function usePreview(wanted: PreviewRequest | null) {
  const request = useSettled(wanted);
  const query = useQuery({
    ...previewQuery(request),
    placeholderData: (previous) => previous,
  });
  const isSettled = request !== null && !query.isPlaceholderData && !query.isFetching;
  return { preview: request ? (query.data ?? null) : null, error: query.error, isSettled };
}

function previewQuery(request: PreviewRequest | null) {
  return queryOptions({
    queryKey: ["model-selection", "preview", request],
    queryFn: ({ signal }) => {
      if (!request) throw new Error("there is nothing to plan");
      return ask(api.POST("/model-selection/preview", { body: request, signal }));
    },
    enabled: request !== null,
    retry: false,
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}

/** The request for a plan of the series that were looked at; `null` where there are none. */
export function previewOf(
  of: NonNullable<PreviewRequest["of"]>,
  draft: Planned,
  report: FileReport | null,
): PreviewRequest | null {
  if (!report || report.sketches.length === 0) return null;
  const { folds } = statedOf(draft);
  return {
    of,
    sketches: report.sketches,
    series_total: report.series,
    forecast_horizon: draft.horizon ?? 12,
    candidate_models: draft.models.map((model_type) => ({ model_type })),
    ...(folds ? { folds } : {}),
    ...(draft.season === null ? {} : { season_length: draft.season }),
  };
}

/** A request is sent once nobody has changed it for a moment: each one measures the models. */
function useSettled(request: PreviewRequest | null): PreviewRequest | null {
  const text = JSON.stringify(request);
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return JSON.parse(settled);
}

/** About how long it takes, and what that was measured on; nothing where nothing was. */
export function estimateInWords(preview: Preview, nameOf: (model: string) => string): string | null {
  const { estimate } = preview;
  if (!estimate) return null;
  const { seconds, series, unmeasured } = estimate;
  const without = unmeasured.length > 0 ? `, without ${unmeasured.map(nameOf).join(", ")}` : "";
  return `About ${about(seconds)}, as measured just now on ${plural(series, "series", "series")}${without}.`;
}

/** A measured time with as many digits as it deserves. */
export function about(seconds: number): string {
  if (seconds < 1) return "a second";
  if (seconds < 10) return plural(Math.round(seconds), "second");
  if (seconds < 95) return `${Math.round(seconds / 5) * 5} seconds`;
  if (seconds < 5400) return plural(Math.round(seconds / 60), "minute");
  return plural(Math.round(seconds / 3600), "hour");
}
