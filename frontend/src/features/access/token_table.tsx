import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Token } from "@/api/types.ts";
import { Button } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Confirm } from "@/ui/dialog.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { revokeToken, tokensQuery } from "./queries.ts";

export function TokenTable() {
  const tokens = useQuery(tokensQuery(true));
  const [asked, setAsked] = useState<Token | null>(null);
  const client = useQueryClient();
  const end = useMutation({ mutationFn: revokeToken, onSuccess: () => client.invalidateQueries() });
  if (tokens.error) return <ProblemNote error={tokens.error} />;
  if (!tokens.data || tokens.data.items.length === 0) return null;
  return (
    <>
      {end.error ? <ProblemNote error={end.error} /> : null}
      <DataTable<Token>
        title="Tokens"
        sentence="All that were made, those that open nothing any more among them. No secret is kept."
        file="tokens.csv"
        rows={tokens.data.items}
        rowKey={({ token_id }) => token_id}
        columns={[
          { key: "name", label: "For", isText: true, value: ({ name }) => name },
          { key: "state", label: "State", isText: true, value: ({ state }) => state },
          {
            key: "scopes",
            label: "May",
            isText: true,
            isWideOnly: true,
            value: ({ scopes }) => scopes.join(", "),
          },
          {
            key: "expires_at",
            label: "Ends",
            value: ({ expires_at }) => expires_at,
            show: ({ expires_at }) => (expires_at ? <When at={expires_at} /> : "never"),
          },
          {
            key: "token_id",
            label: "",
            value: ({ token_id }) => token_id,
            show: (token) =>
              token.state === "active" ? (
                <Button size="sm" onClick={() => setAsked(token)} aria-label={`Revoke ${token.name}`}>
                  Revoke
                </Button>
              ) : null,
          },
        ]}
      />
      <Confirm
        isOpen={asked !== null}
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked) end.mutate(asked.token_id);
          setAsked(null);
        }}
        title={`Revoke “${asked?.name ?? ""}”?`}
        confirm="Revoke"
        keep="Keep it"
      >
        Whatever uses it is refused from now on, and browsers that signed in with it are signed out. It cannot
        be taken back.
      </Confirm>
    </>
  );
}
