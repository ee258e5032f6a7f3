import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/ui/button.tsx";
import { TextField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { signIn, signOut } from "./queries.ts";

/** Exchanges a token for a cookie that scripts cannot read; the token itself is kept nowhere. */
export function SignIn() {
  const client = useQueryClient();
  const [token, setToken] = useState("");
  // What was refused before is asked for again: it may be open now.
  const entry = useMutation({ mutationFn: signIn, onSuccess: () => client.resetQueries() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entry.mutate(token.trim());
  };
  return (
    <Panel title="Sign in">
      <form onSubmit={submit} className="grid gap-3 max-w-xl">
        <p className="text-sm text-ink-2">
          This server asks who calls. Whoever holds its machine makes a token with{" "}
          <code className="font-mono text-xs">assay token create --name YOU</code>.
        </p>
        <TextField
          label="Token"
          value={token}
          onChange={setToken}
          maxLength={200}
          placeholder="assay_…"
          isSecret
        />
        {entry.error ? <ProblemNote error={entry.error} title="Not signed in" /> : null}
        <div>
          <Button kind="primary" type="submit" disabled={token.trim() === "" || entry.isPending}>
            Sign in
          </Button>
        </div>
      </form>
    </Panel>
  );
}

export function SignOut() {
  const client = useQueryClient();
  const exit = useMutation({ mutationFn: signOut, onSuccess: () => client.resetQueries() });
  return (
    <Button size="sm" onClick={() => exit.mutate()} disabled={exit.isPending}>
      Sign out
    </Button>
  );
}
