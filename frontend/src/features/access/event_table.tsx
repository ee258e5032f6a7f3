import { useQuery } from "@tanstack/react-query";
import type { AccessEvent } from "@/api/types.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { eventsQuery } from "./queries.ts";

const DEEDS: Record<AccessEvent["deed"], string> = {
  "token.created": "Token made",
  "token.revoked": "Token revoked",
  "session.opened": "Signed in",
  "session.closed": "Signed out",
};

/** What was done with tokens: a ledger, so that nothing in it can be changed unseen. */
export function EventTable() {
  const events = useQuery(eventsQuery(true));
  if (events.error) return <ProblemNote error={events.error} />;
  if (!events.data || events.data.items.length === 0) return null;
  const { items, is_verified: isVerified, last_seq: last } = events.data;
  const whole = isVerified
    ? "Its chain holds: nothing was changed or taken away."
    : "Its chain is broken: something was changed.";
  const cut = last > items.length ? ` The first ${items.length} of ${last}.` : "";
  return (
    <DataTable<AccessEvent>
      title="What was done"
      sentence={`${whole}${cut}`}
      file="access-events.csv"
      rows={items.toReversed()}
      rowKey={({ seq }) => String(seq)}
      columns={[
        { key: "seq", label: "#", value: ({ seq }) => seq },
        { key: "at", label: "When", value: ({ at }) => at, show: ({ at }) => <When at={at} /> },
        {
          key: "deed",
          label: "What",
          isText: true,
          value: ({ deed }) => deed,
          show: ({ deed }) => DEEDS[deed],
        },
        { key: "name", label: "Token", isText: true, value: ({ name }) => name },
        {
          key: "by",
          label: "By",
          isText: true,
          isWideOnly: true,
          value: ({ by }) => by ?? null,
          show: ({ by }) => by ?? "whoever holds the machine",
        },
      ]}
    />
  );
}
