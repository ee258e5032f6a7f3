import { expect, test } from "vitest";
import type { PairPage } from "@/api/types.ts";
import { productsOffered, storesOffered } from "./offer.ts";

const pair = (store_id: number, product_id: number, status: PairPage["items"][number]["status"]) => ({
  store_id,
  store_code: `S${store_id}`,
  product_id,
  sku: `P${product_id}`,
  observed_days: 9,
  first_sale_date: "2026-01-01",
  last_sale_date: "2026-01-09",
  status,
});
const PAIRS: PairPage = {
  items: [pair(1, 1, "unusable"), pair(1, 3, "ready"), pair(2, 2, "limited")],
  next_cursor: null,
};
const STORES = [{ id: 1 }, { id: 2 }, { id: 3 }];
const PRODUCTS = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
const ids = (offered: { product: { id: number } }[]) => offered.map(({ product }) => product.id);

test("what has sold nothing is not offered, and what has sold enough stands first", () => {
  expect(storesOffered(STORES, PAIRS)).toEqual([{ id: 1 }, { id: 2 }]);
  expect(ids(productsOffered(PRODUCTS, PAIRS, 1))).toEqual([3, 1]);
  expect(ids(productsOffered(PRODUCTS, PAIRS, 2))).toEqual([2]);
  expect(ids(productsOffered(PRODUCTS, PAIRS, null))).toEqual([1, 2, 3]);
});

test.each([undefined, { ...PAIRS, next_cursor: "more" }])(
  "of what is not known nothing is withheld",
  (pairs) => {
    expect(storesOffered(STORES, pairs)).toEqual(STORES);
    expect(ids(productsOffered(PRODUCTS, pairs, 1))).toEqual([1, 2, 3, 4]);
  },
);
