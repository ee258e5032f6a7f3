import type { RunDetail } from "@/api/types.ts";

/** What a run's spec lists to be done side by side: the model type of each branch. */
export type Planned = readonly string[];

/** A card learns its name when its work begins; until then the spec knows what waits in which place. */
export function plannedOf(run: RunDetail | null): Planned {
  const spec: { candidates?: unknown } = run?.spec ?? {};
  if (!Array.isArray(spec.candidates)) return [];
  return spec.candidates.map((each: { model_type?: unknown }) => String(each.model_type));
}
