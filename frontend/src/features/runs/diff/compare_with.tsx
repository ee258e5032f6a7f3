import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { type FormEvent, useState } from "react";
import type { RunDetail } from "@/api/types.ts";
import { words } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { Modal } from "@/ui/dialog.tsx";
import { TextField } from "@/ui/field.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { runsQuery } from "../queries.ts";
import { RunStatusBadge } from "../run_status.tsx";

/** Leads from a run to its comparison with another: one of its own kind, or any whose id is known. */
export function CompareWith({ run }: { run: Pick<RunDetail, "run_id" | "kind"> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <GitCompareArrows aria-hidden /> Compare with…
      </Button>
      <Modal isOpen={isOpen} onClose={() => setOpen(false)} title="Compare with">
        <div className="px-5 pb-5 pt-3 grid gap-4">
          <ById run={run} />
          <OfItsKind run={run} />
        </div>
      </Modal>
    </>
  );
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

function ById({ run }: { run: Pick<RunDetail, "run_id"> }) {
  const [text, setText] = useState("");
  const navigate = useNavigate();
  const id = text.trim().toLowerCase();
  const go = (event: FormEvent) => {
    event.preventDefault();
    if (UUID.test(id)) void navigate({ to: "/runs/$a/diff/$b", params: { a: run.run_id, b: id } });
  };
  return (
    <form className="grid grid-cols-[minmax(0,1fr)_auto] gap-2 items-start" onSubmit={go}>
      <TextField
        label="Any run"
        hint="Its id, as its page shows it."
        error={id !== "" && !UUID.test(id) ? "Not a run's id: expected 32 hex digits with dashes." : null}
        value={text}
        onChange={setText}
      />
      <Button type="submit" className="mt-6" disabled={!UUID.test(id)}>
        Compare
      </Button>
    </form>
  );
}

function OfItsKind({ run }: { run: Pick<RunDetail, "run_id" | "kind"> }) {
  const runs = useQuery(runsQuery({ kind: run.kind }));
  const others = runs.data?.items.filter(({ run_id }) => run_id !== run.run_id) ?? [];
  return (
    <section className="grid gap-1.5">
      <h3 className="eyebrow">Other runs: {words(run.kind).toLowerCase()}</h3>
      {runs.error ? <ProblemNote error={runs.error} /> : null}
      {runs.isPending ? <Loading label="Loading runs" /> : null}
      {runs.data && others.length === 0 ? (
        <p className="text-sm text-ink-3">
          There is no other of its kind. Execute it again, and the two can be compared.
        </p>
      ) : null}
      <ul className="divide-y divide-line">
        {others.map((other) => (
          <li key={other.run_id}>
            <Link
              to="/runs/$a/diff/$b"
              params={{ a: run.run_id, b: other.run_id }}
              className="flex flex-wrap items-center gap-x-2 gap-y-0.5 py-1.5 text-sm hover:bg-hover"
            >
              <span className="font-medium break-words min-w-0">{other.title ?? words(other.kind)}</span>
              <RunStatusBadge run={other} />
              <span className="ml-auto text-xs text-ink-3">
                <When at={other.started_at ?? other.created_at} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
