import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ComparisonItem } from "@/api/types.ts";
import { count, measured, metricName } from "@/lib/format.ts";
import { ModelName } from "@/ui/model_name.tsx";
import { Empty, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { Badge } from "@/ui/status.tsx";
import { When } from "@/ui/time.tsx";
import { comparisonsQuery } from "./queries.ts";

/** The latest comparisons with their champions. */
export function RecentPanel() {
  const list = useQuery(comparisonsQuery);
  return (
    <Panel title="Recent comparisons" isFlush>
      {list.error ? (
        <div className="p-3">
          <ProblemNote error={list.error} />
        </div>
      ) : null}
      {list.isPending ? <Loading label="Loading comparisons" /> : null}
      {list.data?.items.length === 0 ? (
        <Empty title="None yet">
          Your comparisons stay here with their ranking, and each can be replayed as a run.
        </Empty>
      ) : null}
      <ul className="divide-y divide-line">
        {list.data?.items.map((item) => (
          <RecentItem key={item.selection_id} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

function RecentItem({ item }: { item: ComparisonItem }) {
  const what = item.dataset_id
    ? `${count(item.series_total)} series`
    : `Store ${item.store_id} × product ${item.product_id}`;
  return (
    <li>
      <Link
        to="/compare/$selectionId"
        params={{ selectionId: item.selection_id }}
        className="grid gap-0.5 px-4 py-2.5 hover:bg-hover"
      >
        <span className="flex items-center gap-2">
          {item.winner_model_type && item.winner_value != null ? (
            <ModelName model={item.winner_model_type} className="font-medium truncate" />
          ) : (
            <span className="font-medium truncate">
              {item.winner_model_type ? "None leads" : "No champion"}
            </span>
          )}
          <span className="ml-auto">
            <Badge status={item.status} />
          </span>
        </span>
        <span className="num text-xs text-ink-3 flex gap-1.5">
          <span>
            {what} · {count(item.candidates_total)} models
            {item.winner_value != null ? (
              <>
                {" · "}
                <span className="whitespace-nowrap">
                  {metricName(item.ranking_metric)} {measured(item.ranking_metric, item.winner_value)}
                </span>
              </>
            ) : null}
          </span>
          <span className="ml-auto">
            <When at={item.created_at} />
          </span>
        </span>
      </Link>
    </li>
  );
}
