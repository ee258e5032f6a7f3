/** A memory checkpoint in words. */
import { count, plural, words } from "@/lib/format.ts";
import type { Checkpoint } from "@/lib/frames/types.ts";

export function checkpointTitle({
  strategy,
  tokens_before: before,
  tokens_after: after,
}: Checkpoint): string {
  const what = TITLES[strategy] ?? "Memory compacted";
  return before != null && after != null ? `${what}: ${count(before)} → ${count(after)} tokens` : what;
}

const TITLES: Record<string, string> = {
  compact: "Memory compacted",
  summarize: "Memory summarised",
  trim: "Memory trimmed",
};

/** Every other field, each in a few words; what was not said is left out. */
export function checkpointFacts(checkpoint: Checkpoint): string[] {
  const c = checkpoint;
  const counted = (n: number | null | undefined, text: (n: number) => string) => (n == null ? null : text(n));
  const listed = (names: string[] | null | undefined, what: string) =>
    names && names.length > 0 ? `${what}: ${names.join(", ")}` : null;
  return [
    c.trigger_reason ? `because of ${words(c.trigger_reason).toLowerCase()}` : null,
    counted(c.trigger_turns, (n) => `at ${plural(n, "turn")}`),
    counted(c.keep_turns, (n) => `the last ${plural(n, "turn")} kept whole`),
    changed("turns", c.turns_before, c.turns_after),
    changed("items", c.total_items_before, c.total_items_after),
    counted(c.compacted_count, (n) => `${plural(n, "item")} compacted`),
    counted(c.compacted_inputs, (n) => plural(n, "input")),
    counted(c.compacted_outputs, (n) => plural(n, "output")),
    c.clear_tool_inputs ? "inputs of tools cleared" : null,
    listed(c.included_tools, "tools"),
    listed(c.excluded_tools, "not of"),
  ].filter((fact) => fact !== null);
}

function changed(what: string, before?: number | null, after?: number | null): string | null {
  if (before == null && after == null) return null;
  return `${what} ${count(before)} → ${count(after)}`;
}
