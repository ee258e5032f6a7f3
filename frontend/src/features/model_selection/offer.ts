/** Which stores and products are offered to compare on: those with days of sales, and those with enough of them first. */
import type { PairPage } from "@/api/types.ts";

type Pairs = PairPage | undefined;
type Status = PairPage["items"][number]["status"];

/** Of a list that goes on, what is not in its first page may have sold all the same. */
function isWhole(pairs: Pairs): pairs is PairPage {
  return pairs !== undefined && pairs.next_cursor === null;
}

/** Stores that have sold anything. */
export function storesOffered<S extends { id: number }>(stores: readonly S[], pairs: Pairs): readonly S[] {
  if (!isWhole(pairs)) return stores;
  const selling = new Set(pairs.items.map(({ store_id }) => store_id));
  return stores.filter(({ id }) => selling.has(id));
}

/** Products that this store has sold, with the days it takes first; of an unknown store, those that any has. */
export function productsOffered<P extends { id: number }>(
  products: readonly P[],
  pairs: Pairs,
  store: number | null,
): { product: P; status: Status | null }[] {
  if (!isWhole(pairs)) return products.map((product) => ({ product, status: null }));
  const those = pairs.items.filter(({ store_id }) => store === null || store_id === store);
  const statusOf = new Map(those.map(({ product_id, status }) => [product_id, status]));
  const sold = products.flatMap((product) => {
    const status = statusOf.get(product.id);
    return status ? [{ product, status: store === null ? null : status }] : [];
  });
  // Both parts keep their order.
  const isShort = ({ status }: { status: Status | null }) => status === "unusable";
  return [...sold.filter((each) => !isShort(each)), ...sold.filter(isShort)];
}
