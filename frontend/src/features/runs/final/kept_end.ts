import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";
import type { RunDetail } from "@/api/types.ts";
import { reduce } from "@/lib/frames/reduce.ts";
import type { Terminal } from "@/lib/frames/state.ts";
import type { Playback } from "../playback.ts";
import { isSettled } from "../queries.ts";

/** The last frame of a run alone: it is kept when those before it are let go of. `null` where it is no end, or gone too. */
function lastFrameQuery({ run_id, ledger }: Pick<RunDetail, "run_id" | "ledger">) {
  return queryOptions({
    queryKey: ["run", run_id, "last-frame", ledger.seq],
    queryFn: async ({ signal }): Promise<Terminal | null> => {
      const query = { after: ledger.seq - 1, limit: 1 };
      const call = api.GET("/runs/{run_id}/replay/events", {
        params: { path: { run_id }, query },
        signal,
      });
      const last = (await ask(call)).items.at(-1);
      return last?.kind === "final" || last?.kind === "error" ? reduce([last]).terminal : null;
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The end of a run at the moment that is shown: from its frames, or from its last one where the others cannot be had. */
export function useEnd(run: RunDetail, { log, state, seq, isAtEnd }: Playback): Terminal | null {
  const { terminal } = log.transcriptAt(seq);
  const isBroken = state.stream.phase === "broken";
  const isMissing = isBroken && isAtEnd && terminal === null && isSettled(run.status) && run.ledger.seq > 0;
  const kept = useQuery({ ...lastFrameQuery(run), enabled: isMissing });
  return terminal ?? (isMissing ? (kept.data ?? null) : null);
}
