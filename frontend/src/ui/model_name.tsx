import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { catalogQuery } from "@/api/catalog.ts";
import type { Catalog } from "@/api/types.ts";
import { shortNumbers, words } from "@/lib/format.ts";

/** The name for people of a model type, or of its key in a ranking (`ses #2`). A type that the catalogue lacks, say of an old run, is made readable. */
export function modelName(catalog: Catalog | undefined, model: string): string {
  const [type = model, place] = model.split(" #");
  const label = catalog?.models.find((entry) => entry.model_type === type)?.label ?? words(type);
  return place ? `${label} #${place}` : label;
}

/** `modelName` by the server's catalogue, for sentences and chart legends. */
export function useModelName(): (model: string) => string {
  const { data } = useQuery(catalogQuery);
  return useCallback((model) => modelName(data, model), [data]);
}

/**
 * A sentence of the server's, which calls models by their types, with these by their names. They are put in all at once: a
 * name may hold the type of another model (`Seasonal naive`).
 */
export function withNames(
  sentence: string,
  types: readonly string[],
  nameOf: (type: string) => string,
): string {
  if (types.length === 0) return sentence;
  return sentence.replace(new RegExp(`(?<![\\w-])(?:${types.join("|")})(?![\\w-])`, "g"), nameOf);
}

/**
 * A sentence of the server's with these models by their names. Others stay as they are: among the types of models there are
 * words of their own (`combination`, `regression`), and what takes no part is not spoken of.
 */
export function statement(catalog: Catalog | undefined, sentence: string, models: readonly string[]): string {
  const named = withNames(sentence, models, (model) => modelName(catalog, model));
  return shortNumbers(named.charAt(0).toUpperCase() + named.slice(1));
}

/** `statement` by the server's catalogue. */
export function useStatement(models: readonly string[]): (sentence: string) => string {
  const { data } = useQuery(catalogQuery);
  const types = models.join();
  return useCallback((sentence) => statement(data, sentence, types.split(",")), [data, types]);
}

/** A model by its name for people; its type, as requests and the command line take it, is in the tooltip. */
export function ModelName({ model, className }: { model: string; className?: string }) {
  const name = useModelName();
  return (
    <span className={className} title={model}>
      {name(model)}
    </span>
  );
}
