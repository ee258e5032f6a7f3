import { useQuery } from "@tanstack/react-query";
import type { Session } from "@/api/types.ts";
import { Facts, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { EventTable } from "./event_table.tsx";
import { NewTokenForm } from "./new_token_form.tsx";
import { sessionQuery } from "./queries.ts";
import { SignIn, SignOut } from "./sign_in.tsx";
import { TokenTable } from "./token_table.tsx";

/** Who calls this server, and how far they may go. */
export function AccessPage() {
  const session = useQuery(sessionQuery());
  return (
    <div className="grid gap-5">
      <header className="grid gap-1">
        <h1 className="text-2xl font-semibold tracking-tight">Access</h1>
        <p className="text-ink-2 max-w-[80ch] text-pretty">
          Who may call this server, and how far. As soon as one token was made, every caller must show one.
        </p>
      </header>
      {session.error ? <ProblemNote error={session.error} /> : null}
      {session.isPending ? <Loading label="Asking who you are" /> : null}
      {session.data ? <Known session={session.data} /> : null}
    </div>
  );
}

function Known({ session }: { session: Session }) {
  const isAdmin = session.scopes.includes("admin");
  if (!session.tenant) return <SignIn />;
  return (
    <>
      <Panel title="You" aside={session.token ? <SignOut /> : null}>
        <You session={session} />
      </Panel>
      {isAdmin ? (
        <>
          <NewTokenForm own={session.scopes} isFirst={!session.asks} />
          <TokenTable />
          <EventTable />
        </>
      ) : (
        <Panel title="Tokens">
          <p className="text-sm text-ink-2">
            Only a token with the scope <code className="font-mono">admin</code> sees tokens and makes them.
          </p>
        </Panel>
      )}
    </>
  );
}

function You({ session }: { session: Session }) {
  const { token } = session;
  if (!token) {
    return (
      <p className="text-sm text-ink-2 max-w-[80ch]">
        {session.asks
          ? "You came from this very program."
          : "This server asks nobody who they are: whoever reaches it may do everything. That is why it listens on this machine only, until you make the first token."}
      </p>
    );
  }
  return (
    <Facts
      facts={[
        ["Token", token.name],
        ["Tenant", token.tenant],
        ["May", token.scopes.join(", ")],
        [
          "Signed in until",
          token.expires_at ? <When key="end" at={token.expires_at} isBoth /> : "it is revoked",
        ],
      ]}
    />
  );
}
