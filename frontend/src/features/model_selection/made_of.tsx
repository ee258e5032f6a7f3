import type { SeriesForecast } from "@/api/types.ts";
import { percents } from "@/lib/percents.ts";
import { ModelName, useModelName, withNames } from "@/ui/model_name.tsx";
import { Panel } from "@/ui/panel.tsx";

/** Which models the forecast of a series is made of, to what share, and why. */
export function MadeOf({ series }: { series: SeriesForecast }) {
  const nameOf = useModelName();
  const types = series.weights.map(({ model_type }) => model_type);
  const shares = percents(series.weights.map(({ weight }) => weight));
  const why = withNames(series.why, types, nameOf);
  return (
    <Panel title="What it is made of">
      <div className="grid gap-3">
        <p className="text-sm text-ink-2 text-pretty">
          {why.charAt(0).toUpperCase()}
          {why.slice(1)}.
        </p>
        <ul className="grid gap-1.5">
          {series.weights.map(({ model_type, weight }, at) => (
            <li
              key={model_type}
              className="grid grid-cols-[minmax(0,12rem)_minmax(0,1fr)_3.5rem] items-center gap-3 text-sm"
            >
              <ModelName model={model_type} className="truncate" />
              <span aria-hidden className="h-2 rounded-full bg-line overflow-hidden">
                <span className="block h-full bg-accent" style={{ width: `${100 * weight}%` }} />
              </span>
              <span className="num text-right">{shares[at]} %</span>
            </li>
          ))}
        </ul>
      </div>
    </Panel>
  );
}
