import { useQuery } from "@tanstack/react-query";
import type { RankingDetail } from "@/api/types.ts";
import { plural } from "@/lib/format.ts";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { leads } from "./leads.ts";
import { rankingQuery } from "./queries.ts";
import { RankedSeries } from "./ranked_series.tsx";
import { RankingTable } from "./ranking_table.tsx";
import { RulePanel } from "./rule_panel.tsx";

interface Props {
  selectionId: string;
  series: string | null;
  onSeries: (series: string) => void;
}

/** Everyone's place, over all series and on the chosen one, with the forecasts that they were judged on. */
export function Result({ selectionId, series, onSeries }: Props) {
  const { data: ranking, error } = useQuery(rankingQuery(selectionId));
  if (error) return <ProblemNote error={error} />;
  if (!ranking) return <Loading label="Loading the ranking" />;
  const total = ranking.coverage?.series ?? 0;
  return (
    <>
      <RankingTable
        title={total > 1 ? `Overall, ${plural(total, "series", "series")}` : "Ranking"}
        sentence={overallSentence(ranking)}
        entries={ranking.entries}
        metric={ranking.metric}
        hasLeader={leads(ranking.verdict)}
        file={`${selectionId}-ranking.csv`}
      />
      {total > 0 ? (
        <RankedSeries
          key={selectionId}
          selectionId={selectionId}
          total={total}
          series={series}
          onSeries={onSeries}
        />
      ) : null}
    </>
  );
}

/** What other rules of choosing would have given. */
export function Rules({ selectionId }: { selectionId: string }) {
  const { data: ranking } = useQuery(rankingQuery(selectionId));
  return ranking ? <RulePanel ranking={ranking} /> : null;
}

function overallSentence(ranking: RankingDetail): string {
  const method = ranking.method
    ? `${ranking.method.charAt(0).toUpperCase()}${ranking.method.slice(1)}. `
    : "";
  return `${method}Lower is better. A title sorts.`;
}
