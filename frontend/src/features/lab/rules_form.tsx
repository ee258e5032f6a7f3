import { useMutation } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { fieldMessage } from "@/api/problem.ts";
import { announce } from "@/lib/announce.ts";
import { Button } from "@/ui/button.tsx";
import { Modal } from "@/ui/dialog.tsx";
import { NumberField, TextField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { draftOf, type RulesDraft, rulesOf, type WrittenRules } from "./rules_draft.ts";

interface Props {
  /** The rules that are replaced. */
  content: WrittenRules;
  /** Keeps them, on a new snapshot. */
  save: (rules: WrittenRules) => Promise<unknown>;
}

const TITLE = "Replace the rules";

/** Opens a window in which the rules of an auction are replaced: the snapshot stays as it is, and another is made. */
export function ReplaceRules(props: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" aria-label={TITLE} onClick={() => setOpen(true)}>
        <Pencil aria-hidden /> Replace
      </Button>
      <Modal isOpen={isOpen} onClose={() => setOpen(false)} title={TITLE}>
        <RulesForm {...props} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

const LIMITS = [
  ["budget_points", "Budget, points"],
  ["min_teams", "Fewest teams"],
  ["max_teams", "Most teams"],
  ["min_bid", "Least bid on a team"],
  ["max_bid", "Highest bid on a team"],
] as const;

function RulesForm({ content, save, onDone }: Props & { onDone: () => void }) {
  const [before] = useState(() => draftOf(content));
  const [draft, setDraft] = useState<RulesDraft>(before);
  const keep = useMutation({
    mutationFn: save,
    onSuccess: () => {
      announce("The rules are replaced, on a new snapshot");
      onDone();
    },
  });
  const rules = rulesOf(draft);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(before);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (rules && isChanged) keep.mutate(rules);
  };
  return (
    <form className="grid gap-3 p-5" onSubmit={submit}>
      <p className="text-sm text-ink-2">
        The entries stay, and their bids must keep the new rules. This snapshot stays as it is, and so does
        every run on it.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        {LIMITS.map(([key, label]) => (
          <NumberField
            key={key}
            label={label}
            min={1}
            value={draft.limits[key]}
            error={fieldMessage(keep.error, `rules.${key}`)}
            onChange={(value) => setDraft({ ...draft, limits: { ...draft.limits, [key]: value } })}
          />
        ))}
      </div>
      <TextField
        label="Points for steps"
        hint="From the first on, with blanks between; a step is a win or a bye"
        value={draft.scoring}
        error={fieldMessage(keep.error, "scoring")}
        onChange={(scoring) => setDraft({ ...draft, scoring })}
      />
      <TextField
        label="Payouts"
        hint="From the first place on, in hundreds of cents, with blanks between"
        value={draft.payouts}
        error={fieldMessage(keep.error, "payouts")}
        onChange={(payouts) => setDraft({ ...draft, payouts })}
      />
      {keep.error ? <ProblemNote error={keep.error} title="The rules were not replaced" /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Leave as it is</Button>
        <Button kind="primary" type="submit" disabled={!rules || !isChanged || keep.isPending}>
          {keep.isPending ? "Making the snapshot…" : "Make the snapshot"}
        </Button>
      </div>
    </form>
  );
}
