import { Link } from "@tanstack/react-router";
import type { Lineage } from "@/api/lab.ts";
import { buttonClass } from "@/ui/button.tsx";

/** To the auction that a run stands on, as it was. */
export function AuctionLink({ lineage }: { lineage: Lineage }) {
  const { calcutta_id, snapshot_id } = lineage;
  if (!calcutta_id) return null;
  return (
    <Link
      to="/lab/calcuttas/$calcuttaId"
      params={{ calcuttaId: calcutta_id }}
      search={snapshot_id ? { snapshot: snapshot_id } : {}}
      className={buttonClass("plain", "sm")}
    >
      Auction
    </Link>
  );
}
