/** What has fallen so far in an auction: kept by this browser, so that a reload loses nothing. */
import type { LiveRequest, SoldTeam, Team } from "@/api/lab.ts";
import { teamLabel } from "./bracket.ts";
import type { ReturnsOf } from "./queries.ts";

type Spending = NonNullable<LiveRequest["spending"]>;

export interface LiveDraft {
  /** In the order in which they fell. */
  sold: SoldTeam[];
  spending: Spending;
}

const NOTHING: LiveDraft = { sold: [], spending: "budgets" };

function keyOf({ snapshot_id, game_outcome_run_id, market_share_run_id }: ReturnsOf): string {
  return `assay.live.${snapshot_id}.${game_outcome_run_id}.${market_share_run_id}`;
}

export function keptDraft(of: ReturnsOf): LiveDraft {
  try {
    return draftOf(JSON.parse(localStorage.getItem(keyOf(of)) ?? "null"));
  } catch {
    return NOTHING;
  }
}

export function keepDraft(of: ReturnsOf, draft: LiveDraft): void {
  try {
    localStorage.setItem(keyOf(of), JSON.stringify(draft));
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

/** Hands over what another tab of the same auction keeps; gives the way to stop. */
export function followDraft(of: ReturnsOf, take: (draft: LiveDraft) => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    if (key === keyOf(of)) take(keptDraft(of));
  };
  window.addEventListener("storage", hear);
  return () => window.removeEventListener("storage", hear);
}

/** What was kept by hand or by an earlier version is taken as far as it can be read. */
function draftOf(kept: unknown): LiveDraft {
  const { sold, spending } = (kept ?? {}) as Partial<Record<keyof LiveDraft, unknown>>;
  return {
    sold: Array.isArray(sold) ? sold.filter(isSold) : [],
    spending: spending === "pace" ? "pace" : "budgets",
  };
}

function isSold(value: unknown): value is SoldTeam {
  const { team_id, others_points, own_points } = (value ?? {}) as Partial<SoldTeam>;
  return typeof team_id === "string" && Number.isInteger(others_points) && Number.isInteger(own_points);
}

/** The one team that a few letters mean: its whole name, or the only one that has them. */
export function teamMeant<T extends Pick<Team, "team_id" | "name" | "seed">>(
  typed: string,
  teams: readonly T[],
): T | null {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return null;
  const namesOf = (team: T) =>
    [team.name, teamLabel(team, team.team_id), team.team_id].map((each) => each.toLowerCase());
  const whole = teams.filter((team) => namesOf(team).includes(wanted));
  const meant =
    whole.length > 0 ? whole : teams.filter((team) => namesOf(team).some((name) => name.includes(wanted)));
  return meant.length === 1 ? (meant[0] ?? null) : null;
}
