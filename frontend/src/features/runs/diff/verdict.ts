/** What two runs that are compared come to, in sentences: whether they differ, why, and where first. */
import type { Diff, DiffEntry, DiffField } from "@/api/types.ts";
import { plural, words } from "@/lib/format.ts";

export interface Cause {
  sort: "spec" | "seed" | "program" | "input";
  name: string;
  left: string;
  right: string;
}

export interface Verdict {
  isSame: boolean;
  /** What was asked for differently; empty where both were asked for the same. */
  causes: Cause[];
  /** The first row that went differently. */
  first: DiffEntry | null;
  sentences: string[];
}

/** Of what was asked for these follow from others, or name the run alone. */
const CONSEQUENCES = new Set(["spec_digest", "title"]);

export function verdictOf(diff: Diff, entries: readonly DiffEntry[]): Verdict {
  const causes = entries
    .filter(({ part, change }) => part === "request" && change !== "same")
    .flatMap(causesOf);
  const first = firstOf(entries);
  const verdict = { isSame: diff.is_same, causes, first };
  return { ...verdict, sentences: [...judged(verdict, diff), ...open(diff)] };
}

function causesOf(entry: DiffEntry): Cause[] {
  if (entry.row === "input") {
    const [left, right] = [sideOf(entry, "left"), sideOf(entry, "right")];
    return [{ sort: "input", name: entry.label, left, right }];
  }
  return entry.fields.filter(({ name }) => !CONSEQUENCES.has(name)).map(causeOf);
}

function sideOf({ change, fields }: DiffEntry, side: "left" | "right"): string {
  if (change === (side === "left" ? "added" : "removed")) return "not given";
  const field = fields.find(({ name }) => name === "digest") ?? fields[0];
  return field ? shown(field[side]) : "given";
}

function causeOf(field: DiffField): Cause {
  const { name, left, right } = field;
  const sort = name === "seed" ? "seed" : name.startsWith("program") ? "program" : "spec";
  return { sort, name, left: shown(left), right: shown(right) };
}

/** A value as a person reads it. */
export function shown(value: unknown): string {
  if (value === undefined) return "not said";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** In the order of frames: what a page of rows says first may have happened last. */
function firstOf(entries: readonly DiffEntry[]): DiffEntry | null {
  const changes = entries.filter(({ part, change }) => part !== "request" && change !== "same");
  const place = ({ left_seq, right_seq }: DiffEntry) => Math.min(left_seq ?? LAST, right_seq ?? LAST);
  return changes.reduce<DiffEntry | null>(
    (best, each) => (best === null || place(each) < place(best) ? each : best),
    null,
  );
}

const LAST = Number.MAX_SAFE_INTEGER;

function judged({ isSame, causes, first }: Omit<Verdict, "sentences">, { totals }: Diff): string[] {
  if (isSame) {
    return [`The two runs are the same in all of their ${plural(totals.same, "row")}.`];
  }
  const why =
    causes.length > 0
      ? `They were asked for different things: ${listed(sorts(causes))} ${causes.length > 1 ? "differ" : "differs"}.`
      : "They were asked for the same, and differ: neither spec, seed, inputs nor program explains it.";
  const where = first
    ? `What first went differently is ${named(first)}${atFrame(first)}.`
    : "What happened and what came of it are the same.";
  return [why, where];
}

function sorts(causes: readonly Cause[]): string[] {
  const names = (sort: Cause["sort"]) =>
    causes.filter((cause) => cause.sort === sort).map(({ name }) => name.replace(/^spec\./, ""));
  const spec = names("spec");
  const inputs = names("input");
  return [
    ...(spec.length > 0 ? [`the spec (${spec.slice(0, 3).join(", ")}${spec.length > 3 ? ", …" : ""})`] : []),
    ...(names("seed").length > 0 ? ["the seed"] : []),
    ...(names("program").length > 0 ? ["the program"] : []),
    ...(inputs.length > 0
      ? [`the input${inputs.length > 1 ? "s" : ""} ${inputs.map(words).join(", ")}`]
      : []),
  ];
}

function listed(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** A row as a sentence names it. */
function named({ row, label }: Pick<DiffEntry, "row" | "label">): string {
  const sort = words(row).toLowerCase();
  return label ? `the ${sort} “${label}”` : `the ${sort}`;
}

function atFrame({ left_seq: left, right_seq: right, change }: DiffEntry): string {
  if (change === "added") return `, which only the right run has${right ? `, at its frame ${right}` : ""}`;
  if (change === "removed") return `, which only the left run has${left ? `, at its frame ${left}` : ""}`;
  if (!left || !right) return "";
  return left === right
    ? `, at frame ${left} of both`
    : `, at frame ${left} of the left and ${right} of the right run`;
}

/** Of a run that goes on, more may follow. */
function open({ left, right }: Diff): string[] {
  const goesOn = [left, right].filter(({ status }) => !ENDED.has(status));
  if (goesOn.length === 0) return [];
  const which =
    goesOn.length === 2 ? "Both runs go on" : `The ${goesOn[0] === left ? "left" : "right"} run goes on`;
  return [`${which}: what there was when they were read is compared.`];
}

const ENDED = new Set(["succeeded", "failed", "cancelled"]);
