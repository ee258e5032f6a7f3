/** Another order of a table's rows than the one they came in. */

export interface Sorted {
  by: string;
  isDescending: boolean;
}

/** Ascending, then descending, then as they came. */
export function sortedNext(sorted: Sorted | null, by: string): Sorted | null {
  if (sorted?.by !== by) return { by, isDescending: false };
  return sorted.isDescending ? null : { by, isDescending: true };
}

/** Rows by a number or a text; those without one come last, and equal ones stay as they came. */
export function inOrder<Row>(
  rows: readonly Row[],
  value: (row: Row) => number | string | null | undefined,
  isDescending: boolean,
): Row[] {
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [one, other] = [value(a) ?? null, value(b) ?? null];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === "string" || typeof other === "string") {
      return sign * String(one).localeCompare(String(other), "en");
    }
    return sign * (one - other);
  });
}
