import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Search, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldMessage } from "@/api/problem.ts";
import type { Retention, RetentionRequest } from "@/api/types.ts";
import { words } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Confirm } from "@/ui/dialog.tsx";
import { NumberField, SelectField, TextField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { retain, runKindsQuery } from "./queries.ts";
import { RetentionFound, removedSentence } from "./retention_found.tsx";

const FIELDS = ["older_than_days", "kind", "keep", "reason"] as const;

/** What old runs left behind, and how it goes: first it is said what would go and why the rest stays, then it is done. */
export function RetentionPage() {
  const queries = useQueryClient();
  const look = useMutation({ mutationFn: retain });
  const apply = useMutation({
    mutationFn: retain,
    onSuccess: () => {
      look.reset();
      void queries.invalidateQueries();
    },
  });
  const found = look.data ?? apply.data;
  // What was found is of what stood in the form.
  const forget = () => {
    look.reset();
    apply.reset();
  };
  return (
    <div className="grid gap-5">
      <Header />
      <Panel title="Of which runs">
        <RetentionForm onLook={look.mutate} onChange={forget} isPending={look.isPending} error={look.error} />
      </Panel>
      {apply.error ? <ProblemNote error={apply.error} title="It was not done to its end" /> : null}
      {found ? <RetentionFound found={found} /> : null}
      {look.data && look.variables ? (
        <Apply
          found={look.data}
          isPending={apply.isPending}
          onApply={() => apply.mutate({ ...look.variables, apply: true })}
        />
      ) : null}
    </div>
  );
}

function Header() {
  return (
    <header className="flex flex-wrap items-start gap-3">
      <div className="grid gap-1 min-w-0 flex-1 basis-80">
        <h1 className="text-2xl font-semibold tracking-tight">Retention</h1>
        <p className="text-ink-2 max-w-[80ch] text-pretty">
          Removes what old runs left behind, each under a receipt. A run keeps its row, its inputs, its
          attempts, its metrics and its last frame, and stays whole while something stands on it. Nothing goes
          before you have seen it here.
        </p>
      </div>
      <Link to="/ops" className={buttonClass("plain", "sm")}>
        Operations
      </Link>
    </header>
  );
}

function RetentionForm(props: {
  onLook: (request: RetentionRequest) => void;
  onChange: () => void;
  isPending: boolean;
  error: Error | null;
}) {
  const { onLook, onChange, isPending, error } = props;
  const known = useQuery(runKindsQuery());
  const [draft, setDraft] = useState({
    days: 30 as number | null,
    kind: "",
    keep: 0 as number | null,
    reason: "",
  });
  const change = (part: Partial<typeof draft>) => {
    setDraft({ ...draft, ...part });
    onChange();
  };
  const isWhole = isCount(draft.days) && isCount(draft.keep);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isCount(draft.days) || !isCount(draft.keep)) return;
    const reason = draft.reason.trim();
    onLook({
      older_than_days: draft.days,
      keep: draft.keep,
      ...(draft.kind ? { kind: draft.kind } : {}),
      ...(reason ? { reason } : {}),
    });
  };
  const kinds = known.data?.kinds ?? [];
  const wrong = (field: (typeof FIELDS)[number]) => fieldMessage(error, field);
  return (
    <form className="grid gap-3" onSubmit={submit}>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <NumberField
          label="Ended at least this many days ago"
          min={0}
          value={draft.days}
          error={wrong("older_than_days")}
          onChange={(days) => change({ days })}
        />
        <SelectField
          label="Kind"
          value={draft.kind}
          error={wrong("kind")}
          onChange={(kind) => change({ kind })}
          options={[
            { value: "", label: "All" },
            ...kinds.map((kind) => ({ value: kind, label: words(kind) })),
          ]}
        />
        <NumberField
          label="Keep of each kind"
          hint="The newest, whatever their age"
          min={0}
          value={draft.keep}
          error={wrong("keep")}
          onChange={(keep) => change({ keep })}
        />
        <TextField
          label="Reason"
          hint="It stands in the receipts"
          maxLength={500}
          value={draft.reason}
          error={wrong("reason")}
          onChange={(reason) => change({ reason })}
        />
      </div>
      {error ? <ProblemNote error={error} shown={FIELDS} /> : null}
      <div>
        <Button kind="primary" type="submit" disabled={!isWhole || isPending}>
          <Search aria-hidden /> {isPending ? "Looking…" : "Show what would go"}
        </Button>
      </div>
    </form>
  );
}

function isCount(value: number | null): value is number {
  return value !== null && Number.isInteger(value) && value >= 0;
}

function Apply(props: { found: Retention; isPending: boolean; onApply: () => void }) {
  const { found, isPending, onApply } = props;
  const [isAsking, setAsking] = useState(false);
  if (found.going.length === 0 && found.shard_results === 0) return null;
  return (
    <div>
      <Button kind="danger" disabled={isPending} onClick={() => setAsking(true)}>
        <Trash2 aria-hidden /> {isPending ? "Removing…" : "Remove it"}
      </Button>
      <Confirm
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={onApply}
        title="Remove what these runs left behind?"
        confirm="Remove it"
        keep="Keep everything"
      >
        {removedSentence(found)} It cannot be taken back; the digests stay, so that a run that is executed
        again can be compared.
      </Confirm>
    </div>
  );
}
