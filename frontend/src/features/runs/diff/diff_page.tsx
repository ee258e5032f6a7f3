import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Diff, DiffEntry } from "@/api/types.ts";
import { count } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Empty, Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { isUnknown } from "../unknown.tsx";
import { DiffBar } from "./diff_bar.tsx";
import { Causes, Header } from "./diff_header.tsx";
import { type DiffAsked, diffQuery } from "./diff_queries.ts";
import { DiffRows } from "./diff_rows.tsx";
import { DiffTable } from "./diff_table.tsx";
import { DiffTranscripts } from "./diff_transcripts.tsx";
import type { DiffChoices } from "./diff_views.ts";
import { usePlace } from "./use_place.ts";
import { verdictOf } from "./verdict.ts";

interface Props {
  a: string;
  b: string;
  choices: DiffChoices;
  onChange: (part: DiffChoices) => void;
}

/** Two runs side by side: whether they differ, why, and where. */
export function DiffPage({ a, b, choices, onChange }: Props) {
  const asked: DiffAsked = {
    a,
    b,
    isAll: choices.all ?? false,
    countsTimes: choices.times ?? false,
    countsIds: choices.ids ?? false,
  };
  const found = useInfiniteQuery(diffQuery(asked));
  const entries = useMemo(() => found.data?.pages.flatMap((page) => page.entries) ?? [], [found.data]);
  const diff = found.data?.pages[0];
  if (found.error && !diff) return <Failed error={found.error} />;
  if (!diff) return <Loading label="Comparing the two runs" lines={8} />;
  const remaining = found.data?.pages.at(-1)?.remaining ?? 0;
  return (
    <Shown
      key={`${a} ${b}`}
      {...{ diff, entries, choices, onChange }}
      more={
        remaining > 0 ? (
          <Button size="sm" disabled={found.isFetchingNextPage} onClick={() => found.fetchNextPage()}>
            {found.isFetchingNextPage ? "Loading…" : `Load more (${count(remaining)} follow)`}
          </Button>
        ) : null
      }
    />
  );
}

function Failed({ error }: { error: unknown }) {
  return (
    <div className="grid gap-4 max-w-3xl">
      <h1 className="text-2xl font-semibold tracking-tight">
        {isUnknown(error) ? "One of these runs is not there" : "These runs cannot be compared now"}
      </h1>
      <ProblemNote
        error={error}
        action={
          <Link to="/runs" className={buttonClass("plain", "sm")}>
            Choose two runs
          </Link>
        }
      />
    </div>
  );
}

interface ShownProps {
  diff: Diff;
  entries: readonly DiffEntry[];
  choices: DiffChoices;
  onChange: (part: DiffChoices) => void;
  more: React.ReactNode;
}

function Shown({ diff, entries, choices, onChange, more }: ShownProps) {
  const verdict = useMemo(() => verdictOf(diff, entries), [diff, entries]);
  const place = usePlace(diff, entries, choices.seq, onChange);
  const { moment, current, isShown, choose } = place;
  const view = choices.view ?? "rows";
  return (
    <div className="flex flex-col gap-4 pb-28" data-testid="diff" data-same={diff.is_same}>
      <Header diff={diff} verdict={verdict} />
      {verdict.causes.length > 0 ? <Causes causes={verdict.causes} /> : null}
      <Choices choices={choices} diff={diff} onChange={onChange} />
      {view === "rows" ? <DiffRows {...{ entries, current, isShown }} onChoose={choose} /> : null}
      {view === "transcripts" ? (
        <DiffTranscripts a={diff.left.run_id} b={diff.right.run_id} moment={moment} />
      ) : null}
      {view === "table" ? <DiffTable {...{ diff, entries, current }} /> : null}
      {entries.length === 0 && view !== "transcripts" ? (
        <Nothing choices={choices} onChange={onChange} />
      ) : null}
      {view === "transcripts" ? null : more}
      <DiffBar entries={entries} sides={diff} moment={moment} onMove={place.move} onAction={place.act} />
    </div>
  );
}

function Nothing({ choices, onChange }: Pick<Props, "choices" | "onChange">) {
  return (
    <Empty
      title="Nothing differs"
      action={
        choices.all ? null : <Button onClick={() => onChange({ all: true })}>Show what is the same</Button>
      }
    >
      Row by row, both runs say the same.{" "}
      {choices.times && choices.ids
        ? "Times and ids are counted as well."
        : "Times and the names that programs give to things are not counted; they can be, above."}
    </Empty>
  );
}

function Choices({
  choices,
  diff,
  onChange,
}: {
  choices: DiffChoices;
  diff: Diff;
  onChange: Props["onChange"];
}) {
  const changes = diff.totals.changed + diff.totals.added + diff.totals.removed;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Segmented
        label="View"
        value={choices.view ?? "rows"}
        options={[
          { value: "rows", label: "Side by side" },
          { value: "transcripts", label: "Transcripts" },
          { value: "table", label: "Table" },
        ]}
        onChange={(view) => onChange({ view: view === "rows" ? undefined : view })}
      />
      <Segmented
        label="Rows"
        value={choices.all ? "all" : "changes"}
        options={[
          { value: "changes", label: `Only changes (${count(changes)})` },
          { value: "all", label: `All (${count(changes + diff.totals.same)})` },
        ]}
        onChange={(shows) => onChange({ all: shows === "all" || undefined })}
      />
      <Tick
        label="Count times"
        isOn={choices.times ?? false}
        onChange={(isOn) => onChange({ times: isOn || undefined })}
      />
      <Tick
        label="Count ids"
        isOn={choices.ids ?? false}
        onChange={(isOn) => onChange({ ids: isOn || undefined })}
      />
    </div>
  );
}

function Tick({
  label,
  isOn,
  onChange,
}: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <label className="flex items-center gap-1.5 text-sm">
      <input type="checkbox" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
