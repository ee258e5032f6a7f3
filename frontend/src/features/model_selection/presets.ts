/** Choices of models that most people want, made of the catalogue, so that a new model is in them by itself. */
import type { Catalog } from "@/api/types.ts";

export type Preset = "recommended" | "fast" | "all" | "own";

interface Models {
  value: Exclude<Preset, "own">;
  label: string;
  /** None: those that the data ask for. */
  models: readonly string[];
}

export function presetsOf({ models }: Catalog): Models[] {
  const present = models.filter((model) => model.available);
  const types = (those: typeof present) => those.map((model) => model.model_type);
  return [
    { value: "recommended", label: "Recommended", models: [] },
    { value: "fast", label: "Fast", models: types(present.filter((model) => !model.costly)) },
    { value: "all", label: "All", models: types(present) },
  ];
}

/** The preset that these models are; in whatever order they were chosen. */
export function presetOf(presets: readonly Models[], chosen: readonly string[]): Preset {
  const same = (models: readonly string[]) =>
    models.length === chosen.length && models.every((model) => chosen.includes(model));
  return presets.find(({ models }) => same(models))?.value ?? "own";
}
