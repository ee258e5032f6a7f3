import { useQuery } from "@tanstack/react-query";
import { chosenWorld, worldsQuery } from "@/api/worlds.ts";
import { count, decimal, percent } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Badge } from "@/ui/status.tsx";
import type { Draft } from "./draft.ts";
import { productsOffered, storesOffered } from "./offer.ts";
import { availabilityQuery, pairsQuery, productsQuery, storesQuery } from "./queries.ts";

interface Props {
  draft: Draft;
  onDraft: (draft: Draft) => void;
}

const NONE = { value: "", label: "Choose…" };

/** A pair of a stored world: the world first, where there are several. */
export function PairSource({ draft, onDraft }: Props) {
  const worlds = useQuery(worldsQuery);
  if (worlds.error) {
    return (
      <ProblemNote
        error={worlds.error}
        action={
          <Button size="sm" onClick={() => worlds.refetch()}>
            Try again
          </Button>
        }
      />
    );
  }
  if (!worlds.data) return <Loading label="Loading the stored worlds" lines={2} />;
  const { items } = worlds.data;
  if (items.length === 0) {
    return (
      <p className="text-sm text-ink-2">
        No store is stored yet. Run the showcase once, and its stores and products appear here.
      </p>
    );
  }
  const world = chosenWorld(items, draft.worldId);
  return (
    <div className="grid gap-3">
      {items.length > 1 ? (
        <SelectField
          label="World"
          hint={
            world
              ? `${count(world.row_counts.sales)} sales rows`
              : "Stores and products are those of one world"
          }
          value={world?.world_id ?? ""}
          // A store of one world says nothing in another.
          onChange={(value) => onDraft({ ...draft, worldId: value || null, storeId: null, productId: null })}
          options={[NONE, ...items.map((each) => ({ value: each.world_id, label: each.title }))]}
        />
      ) : null}
      {world ? <Pair worldId={world.world_id} draft={draft} onDraft={onDraft} /> : null}
    </div>
  );
}

function Pair({ worldId, draft, onDraft }: Props & { worldId: string }) {
  const stores = useQuery(storesQuery(worldId));
  const products = useQuery(productsQuery(worldId));
  const pairs = useQuery(pairsQuery(worldId, draft.horizon ?? 14));
  const error = stores.error ?? products.error ?? pairs.error;
  if (error) return <ProblemNote error={error} />;
  return (
    <>
      <div className="grid sm:grid-cols-2 gap-3">
        <SelectField
          label="Store"
          value={draft.storeId === null ? "" : String(draft.storeId)}
          onChange={(value) => onDraft({ ...draft, storeId: value ? Number(value) : null })}
          options={[
            NONE,
            ...storesOffered(stores.data?.items ?? [], pairs.data).map((store) => ({
              value: String(store.id),
              label: `${store.code} · ${store.name}`,
            })),
          ]}
        />
        <SelectField
          label="Product"
          value={draft.productId === null ? "" : String(draft.productId)}
          onChange={(value) => onDraft({ ...draft, productId: value ? Number(value) : null })}
          options={[
            NONE,
            ...productsOffered(products.data?.items ?? [], pairs.data, draft.storeId).map(
              ({ product, status }) => ({
                value: String(product.id),
                label: `${product.sku} · ${product.name}${status === "unusable" ? " (too few days)" : ""}`,
              }),
            ),
          ]}
        />
      </div>
      <Availability draft={draft} />
    </>
  );
}

function Availability({ draft }: { draft: Draft }) {
  const availability = useQuery(availabilityQuery(draft.storeId, draft.productId, draft.horizon ?? 14));
  if (availability.error) return <ProblemNote error={availability.error} />;
  if (!availability.data) return null;
  return (
    <p className="num text-sm text-ink-2 flex flex-wrap items-center gap-x-2 gap-y-1">
      <Badge status={availability.data.status} />
      {count(availability.data.observed_days)} days observed (
      {percent(availability.data.coverage_ratio * 100, 0)}), mean{" "}
      {decimal(availability.data.average_daily_demand, 1)} units a day,{" "}
      {count(availability.data.zero_sale_days)} days without a sale
    </p>
  );
}
