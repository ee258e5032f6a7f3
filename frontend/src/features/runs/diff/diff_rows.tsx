import clsx from "clsx";
import { useEffect, useRef } from "react";
import type { DiffEntry, DiffField } from "@/api/types.ts";
import { count, plural, words } from "@/lib/format.ts";
import type { Side } from "./moments.ts";
import { shown } from "./verdict.ts";

interface Props {
  entries: readonly DiffEntry[];
  current: DiffEntry | null;
  /** Bring the current row into sight. */
  isShown: boolean;
  onChoose: (entry: DiffEntry) => void;
}

/** Both runs side by side, row by row: what is beside each other is the same thing. */
export function DiffRows({ entries, current, isShown, onChoose }: Props) {
  return (
    <ol
      className="bg-surface border border-line rounded-lg divide-y divide-line min-w-0"
      aria-label="Rows side by side"
    >
      {PARTS.map(([part, title]) => {
        const rows = entries.filter((entry) => entry.part === part);
        return rows.length === 0 ? null : (
          <li key={part} className="min-w-0">
            <h2 className="eyebrow px-4 py-2 bg-sunken border-b border-line">{title}</h2>
            <ol className="divide-y divide-line">
              {rows.map((entry) => (
                <Row
                  key={keyOf(entry)}
                  entry={entry}
                  isHere={entry === current}
                  isShown={isShown}
                  onChoose={() => onChoose(entry)}
                />
              ))}
            </ol>
          </li>
        );
      })}
    </ol>
  );
}

const PARTS: readonly (readonly [DiffEntry["part"], string])[] = [
  ["request", "What was asked for"],
  ["course", "What happened"],
  ["result", "What came of it"],
];

export function keyOf({ change, path, left_seq, right_seq }: DiffEntry): string {
  return `${change} ${path} ${left_seq ?? ""} ${right_seq ?? ""}`;
}

function Row(props: { entry: DiffEntry; isHere: boolean; isShown: boolean; onChoose: () => void }) {
  const { entry, isHere, isShown, onChoose } = props;
  const own = useRef<HTMLLIElement>(null);
  const isLedTo = isHere && isShown;
  useEffect(() => {
    // What is far away gets its height when it comes near: only once it has one is the middle the middle.
    if (isLedTo) own.current?.scrollIntoView({ block: "center" });
  }, [isLedTo]);
  const { change, row, label, path, fields, fields_omitted } = entry;
  return (
    <li
      ref={own}
      data-change={change}
      aria-current={isHere ? "true" : undefined}
      className={clsx(
        "px-4 py-2.5 grid gap-1.5 text-sm [content-visibility:auto] [contain-intrinsic-size:auto_4rem] border-l-2",
        isHere ? "bg-accent-wash border-l-accent" : "border-l-transparent",
      )}
    >
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1 min-w-0">
        <ChangeWord change={change} />
        <button
          type="button"
          onClick={onChoose}
          className="font-medium text-left hover:underline break-words min-w-0"
        >
          {words(row)}
          {label ? <> {label}</> : null}
        </button>
        <code className="font-mono text-xs text-ink-3 break-all">{path}</code>
      </div>
      {change === "same" ? null : (
        <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
          <Cell entry={entry} side="left" />
          <Cell entry={entry} side="right" />
        </div>
      )}
      {change === "same" ? <Frames entry={entry} /> : null}
      {fields_omitted > 0 ? (
        <p className="text-xs text-ink-3">
          {plural(fields_omitted, "field")} more than these {count(fields.length)}.
        </p>
      ) : null}
    </li>
  );
}

const WORDS: Record<DiffEntry["change"], readonly [string, string]> = {
  same: ["Same", "bg-sunken text-ink-2"],
  changed: ["Changed", "bg-warn-wash text-warn"],
  added: ["Right only", "bg-pass-wash text-pass"],
  removed: ["Left only", "bg-fail-wash text-fail"],
};

export function changeWord(change: DiffEntry["change"]): string {
  return WORDS[change][0];
}

function ChangeWord({ change }: { change: DiffEntry["change"] }) {
  const [word, look] = WORDS[change];
  return (
    <span
      className={clsx(
        "inline-flex items-center h-5 px-1.5 rounded-sm text-xs font-medium whitespace-nowrap",
        look,
      )}
    >
      {word}
    </span>
  );
}

function Frames({ entry: { left_seq, right_seq } }: { entry: DiffEntry }) {
  if (!left_seq || !right_seq) return null;
  const where =
    left_seq === right_seq
      ? `frame ${count(left_seq)} of both`
      : `frames ${count(left_seq)} and ${count(right_seq)}`;
  return <p className="num text-xs text-ink-3">{where}</p>;
}

function Cell({ entry, side }: { entry: DiffEntry; side: Side }) {
  const seq = side === "left" ? entry.left_seq : entry.right_seq;
  const isAbsent = entry.change === (side === "left" ? "added" : "removed");
  return (
    <div className="min-w-0 grid gap-1 content-start" data-side={side}>
      <p className="num text-xs text-ink-3">
        {side === "left" ? "Left" : "Right"}
        {seq ? `, frame ${count(seq)}` : ""}
      </p>
      {isAbsent ? (
        <p className="text-ink-3">It is not there.</p>
      ) : (
        entry.fields.map((field) => <Said key={field.name} field={field} side={side} />)
      )}
    </div>
  );
}

function Said({ field, side }: { field: DiffField; side: Side }) {
  const isText = field.spans.length > 0;
  return (
    <div className="min-w-0">
      <span className="font-mono text-xs text-ink-3">{field.name}</span>
      <p className="break-words whitespace-pre-wrap max-h-60 overflow-auto">
        {isText ? <Spans field={field} side={side} /> : shown(field[side])}
        {field.is_cut ? <span className="text-ink-3"> … (cut)</span> : null}
      </p>
    </div>
  );
}

/** Of a text what both have, and what this side alone has. */
function Spans({ field, side }: { field: DiffField; side: Side }) {
  const own = side === "left" ? "removed" : "added";
  const Mark = side === "left" ? "del" : "ins";
  return (
    <>
      {field.spans.map(({ change, text }, at) => {
        // biome-ignore-start lint/suspicious/noArrayIndexKey: the pieces of a text do not move
        if (change === "same") return <span key={at}>{text}</span>;
        if (change !== own) return null;
        return (
          <Mark
            key={at}
            className={clsx(
              "rounded-sm px-0.5",
              side === "left" ? "bg-fail-wash text-fail line-through" : "bg-pass-wash text-pass no-underline",
            )}
          >
            {text}
          </Mark>
        );
        // biome-ignore-end lint/suspicious/noArrayIndexKey: the pieces of a text do not move
      })}
    </>
  );
}
