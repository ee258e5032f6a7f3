import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Team } from "@/api/lab.ts";
import { teamsOf } from "./bracket.ts";
import { tournamentQuery } from "./queries.ts";

const NONE: ReadonlyMap<string, Team> = new Map();

/** The teams of a tournament by their ids; none until it is known. */
export function useTeams(tournamentId: string | null | undefined): ReadonlyMap<string, Team> {
  const { data } = useQuery({ ...tournamentQuery(tournamentId ?? ""), enabled: Boolean(tournamentId) });
  return useMemo(() => (data ? teamsOf(data.field) : NONE), [data]);
}
