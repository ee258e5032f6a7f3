import { useQuery } from "@tanstack/react-query";
import { words } from "@/lib/format.ts";
import { labCatalogQuery } from "./queries.ts";

/** What people call a model of the lab; its id in words until the catalogue is here. */
export function useModelNames(): (id: string) => string {
  const { data } = useQuery(labCatalogQuery);
  const all = data
    ? [...data.game_outcome_models, ...data.market_share_models, ...data.entry_optimizers]
    : [];
  const names = new Map(all.map(({ id, display_name }) => [id, display_name]));
  return (id) => names.get(id) ?? words(id);
}
