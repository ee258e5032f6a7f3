/** Candidates compared tournament by tournament with the one that was named first. */
import type { Estimate, EvaluationResult } from "@/api/lab.ts";
import { decimal } from "@/lib/format.ts";
import { Z95 } from "./figures.ts";

type Performance = EvaluationResult["candidates"][number];

/** The candidate that the others are compared with: the one without any difference to itself. */
export function firstNamed(candidates: readonly Performance[]): Performance | undefined {
  return candidates.find(
    ({ difference_to_first: { value, standard_error } }) => value === 0 && standard_error === 0,
  );
}

/** What a difference says: only one that its error does not reach is called better or worse. */
export function verdictOf({ value, standard_error }: Estimate): "better" | "worse" | "not told apart" {
  if (Math.abs(value) <= Z95 * standard_error) return "not told apart";
  return value > 0 ? "better" : "worse";
}

/** The comparison in one sentence. */
export function pairedSentence(candidates: readonly Performance[]): string {
  const first = firstNamed(candidates);
  if (!first) return "";
  const others = candidates.filter((each) => each !== first);
  const said = others.map(({ row, difference_to_first: difference }) => {
    const by = decimal(Math.abs(difference.value), 4);
    const verdict = verdictOf(difference);
    return verdict === "not told apart"
      ? `${row.display_name} is not told apart from it`
      : `${row.display_name} is ${verdict} by ${by}`;
  });
  return `Against ${first.row.display_name}, in mean payouts over the first prize: ${said.join("; ")}. All meet the same tournaments, so that the error is that of the difference alone.`;
}
