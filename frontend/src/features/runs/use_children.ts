import { useQuery } from "@tanstack/react-query";
import type { RunDetail } from "@/api/types.ts";
import { isSettled, runsQuery } from "./queries.ts";

/** The first page of the runs that a run has started; one that has ended starts nothing more. */
export function useChildren(run: Pick<RunDetail, "run_id" | "status">) {
  const query = runsQuery({ parent_run_id: run.run_id });
  return useQuery({
    ...query,
    placeholderData: undefined,
    refetchInterval: isSettled(run.status) ? false : query.refetchInterval,
  });
}
