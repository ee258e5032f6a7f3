import { useQuery } from "@tanstack/react-query";
import { catalogQuery } from "@/api/catalog.ts";
import type { FleetForecast, FleetResult } from "@/api/types.ts";
import { count, percent } from "@/lib/format.ts";
import { useModelName, withNames } from "@/ui/model_name.tsx";
import { Panel } from "@/ui/panel.tsx";
import { listedTypes } from "./named.ts";

/** What was chosen where nobody had chosen, and why. */
export function Assumed(props: {
  assumptions: readonly string[];
  /** Whether more may come. */
  isOpen?: boolean;
}) {
  const { assumptions, isOpen = false } = props;
  const catalog = useQuery(catalogQuery);
  const nameOf = useModelName();
  const known = catalog.data?.models.map(({ model_type }) => model_type) ?? [];
  const types = listedTypes(assumptions, known);
  return (
    <Panel title="What was assumed">
      {assumptions.length === 0 ? (
        <p className="text-sm text-ink-2">
          {isOpen ? "Nothing yet: it looks at the data first." : "Nothing: everything was chosen."}
        </p>
      ) : (
        <ul className="text-sm text-ink-2 grid gap-2 break-words">
          {assumptions.map((text) => (
            <li key={text}>{withNames(text, types, nameOf)}</li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Series that took no part, or the first of them; nothing if all did. */
export function Excluded({ series, total }: { series: FleetForecast["excluded_series"]; total: number }) {
  if (series.length === 0) return null;
  return (
    <Panel title="Left out" isFlush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section aria-label="Series left out" tabIndex={0} className="max-h-64 overflow-auto p-4">
        <ul className="text-sm text-ink-2 grid gap-1 break-words">
          {series.map(({ name, reason }) => (
            <li key={name}>
              <span className="font-medium text-ink">{name}</span>: {reason}
            </li>
          ))}
          {total > series.length ? <li>and {count(total - series.length)} more.</li> : null}
        </ul>
      </section>
    </Panel>
  );
}

/** How often the intervals were right where it could be checked. */
export function Coverage({ coverage }: { coverage: FleetResult["coverage"] }) {
  return (
    <Panel title="How sure the intervals are">
      {coverage.length === 0 ? (
        <p className="text-sm text-ink-2">
          The histories are too short for folds, so nobody has counted how often the intervals hold.
        </p>
      ) : (
        <ul className="text-sm text-ink-2 grid gap-1 num">
          {coverage.map(({ level, observed }) => (
            <li key={level}>
              The {percent(100 * level, 0)} intervals held {percent(100 * observed, 1)} of the folds'
              outcomes.
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
