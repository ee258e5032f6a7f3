import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { fieldMessage } from "@/api/problem.ts";
import type { MadeToken, Scope } from "@/api/types.ts";
import { Button } from "@/ui/button.tsx";
import { CopyButton } from "@/ui/copy.tsx";
import { NumberField, TextField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { createToken } from "./queries.ts";
import { SCOPES } from "./scopes.ts";

interface Props {
  /** What whoever makes it may: a token is never better. */
  own: readonly Scope[];
  /** From this one on the server asks every caller. */
  isFirst: boolean;
}

export function NewTokenForm({ own, isFirst }: Props) {
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | null>(90);
  const [chosen, setChosen] = useState<readonly Scope[]>(own.filter((scope) => scope !== "admin" || isFirst));
  const making = useMutation({ mutationFn: createToken, onSuccess: () => client.invalidateQueries() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    making.mutate({ name, scopes: [...chosen], ...(days === null ? {} : { expires_in_days: days }) });
  };
  return (
    <Panel title="New token">
      <form onSubmit={submit} className="grid gap-3">
        <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_10rem]">
          <TextField
            label="What it is for"
            value={name}
            onChange={setName}
            maxLength={200}
            placeholder="nightly import"
            error={fieldMessage(making.error, "name")}
          />
          <NumberField
            label="Ends after, days"
            hint="Empty: never"
            value={days}
            onChange={setDays}
            min={1}
            max={3650}
            error={fieldMessage(making.error, "expires_in_days")}
          />
        </div>
        <ScopeChoice own={own} chosen={chosen} onChange={setChosen} />
        {isFirst ? (
          <p className="text-sm text-ink-2 max-w-[80ch]">
            This is the first token: from then on this server asks you too, and you sign in with it.
          </p>
        ) : null}
        {making.error ? <ProblemNote error={making.error} shown={["name", "expires_in_days"]} /> : null}
        <div>
          <Button
            kind="primary"
            type="submit"
            disabled={name.trim() === "" || chosen.length === 0 || making.isPending}
          >
            Make the token
          </Button>
        </div>
        {making.data ? <Made made={making.data} /> : null}
      </form>
    </Panel>
  );
}

function ScopeChoice(props: {
  own: readonly Scope[];
  chosen: readonly Scope[];
  onChange: (scopes: readonly Scope[]) => void;
}) {
  const { own, chosen, onChange } = props;
  const toggle = (scope: Scope) =>
    onChange(chosen.includes(scope) ? chosen.filter((each) => each !== scope) : [...chosen, scope]);
  return (
    <fieldset className="grid gap-1.5">
      <legend className="text-sm font-medium mb-1">What it is good for</legend>
      {SCOPES.filter(([scope]) => own.includes(scope)).map(([scope, about]) => (
        <label key={scope} className="flex items-baseline gap-2 text-sm min-h-6">
          <input type="checkbox" checked={chosen.includes(scope)} onChange={() => toggle(scope)} />
          <span>
            <code className="font-mono text-xs">{scope}</code> <span className="text-ink-2">{about}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Made({ made }: { made: MadeToken }) {
  return (
    <div role="status" className="rounded-lg border border-line bg-raised px-4 py-3 grid gap-2 text-sm">
      <p>
        <strong className="font-semibold">Copy it now.</strong> It is shown this once and kept nowhere.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <code className="font-mono text-xs break-all min-w-0" data-testid="secret">
          {made.secret}
        </code>
        <CopyButton text={made.secret} label="Copy the token" />
      </div>
    </div>
  );
}
