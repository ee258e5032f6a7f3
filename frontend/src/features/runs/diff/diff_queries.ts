import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, ask } from "@/api/client.ts";

export interface DiffAsked {
  a: string;
  b: string;
  /** Rows that are the same as well. */
  isAll: boolean;
  countsTimes: boolean;
  countsIds: boolean;
}

const PAGE = 500;

/** The rows of a comparison, page by page. */
export function diffQuery({ a, b, isAll, countsTimes, countsIds }: DiffAsked) {
  const ignored = [...(countsTimes ? [] : ["timing"]), ...(countsIds ? [] : ["ids"])];
  const query = {
    show: isAll ? ("all" as const) : ("changes" as const),
    limit: PAGE,
    ...(ignored.length > 0 ? { ignore: ignored.join(",") } : {}),
  };
  return infiniteQueryOptions({
    queryKey: ["run", a, "diff", b, query],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET("/runs/{run_id}/diff/{other_run_id}", {
          params: {
            path: { run_id: a, other_run_id: b },
            query: { ...query, ...(pageParam ? { cursor: pageParam } : {}) },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before) => before,
  });
}
