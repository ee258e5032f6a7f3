import { Collapsible } from "@base-ui/react/collapsible";
import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";
import { count, duration, measured, quantity, shortId, words } from "@/lib/format.ts";
import { ModelName, useModelName } from "@/ui/model_name.tsx";
import { ProgressBar } from "@/ui/panel.tsx";
import { ScrollBox } from "@/ui/scroll_box.tsx";
import { Glyph, toneOf } from "@/ui/status.tsx";
import { type PhaseView, phaseStatus, type StepView } from "./view.ts";

/** Phases as an accordion; the one that runs opens itself, and a user's own choice is kept. */
export function PhaseList({ phases, hasEnded }: { phases: readonly PhaseView[]; hasEnded: boolean }) {
  const latest = phases.at(-1)?.attempt ?? null;
  return (
    <ol className="grid gap-2">
      {phases.map((phase) => (
        <PhaseItem
          key={`${phase.attempt}-${phase.index}-${phase.phase}`}
          phase={phase}
          // What a former attempt left open goes on in the latest, never here.
          hasEnded={hasEnded || phase.attempt !== latest}
        />
      ))}
    </ol>
  );
}

function PhaseItem({ phase, hasEnded }: { phase: PhaseView; hasEnded: boolean }) {
  const status = phaseStatus(phase, hasEnded);
  const isPlanned = phase.steps.length === 0 && phase.progress === null && !hasEnded && phase.title === null;
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? true;
  const ended = phase.steps.filter((step) => step.status !== "started" && step.status !== "running");
  const spent = ended.reduce((sum, step) => sum + (step.durationMs ?? 0), 0);
  return (
    <li className="bg-surface border border-line rounded-lg overflow-hidden">
      <Collapsible.Root open={isOpen} onOpenChange={setChosen}>
        <Collapsible.Trigger className="group w-full flex items-center gap-2.5 px-3 h-10 text-left hover:bg-hover">
          <ChevronRight
            className="size-3.5 text-ink-3 transition-transform group-data-[panel-open]:rotate-90"
            aria-hidden
          />
          <Glyph status={isPlanned ? "pending" : status} />
          <span className="font-medium">{phase.title ?? words(phase.phase)}</span>
          {phase.attempt === null ? null : (
            <span className="text-xs text-ink-3">attempt {phase.attempt}</span>
          )}
          <span className="sr-only">{words(status)}</span>
          <span className="num ml-auto text-xs text-ink-3">
            {phase.steps.length > 0 ? `${ended.length} of ${phase.steps.length} · ${duration(spent)}` : null}
          </span>
        </Collapsible.Trigger>
        <Collapsible.Panel>
          {phase.progress && phase.progress.fraction < 1 && !hasEnded ? (
            <div className="px-4 pb-3 grid gap-1">
              <ProgressBar fraction={phase.progress.fraction} label={`Progress of ${phase.phase}`} />
              <ProgressText phase={phase} />
            </div>
          ) : phase.progress?.total ? (
            <div className="px-4 pb-3">
              <ProgressText phase={phase} />
            </div>
          ) : null}
          {phase.steps.length > 0 ? (
            <ol className="border-t border-line divide-y divide-line">
              {phase.steps.map((step) => (
                <StepItem key={step.index} step={step} hasEnded={hasEnded} />
              ))}
            </ol>
          ) : null}
        </Collapsible.Panel>
      </Collapsible.Root>
    </li>
  );
}

function ProgressText({ phase }: { phase: PhaseView }) {
  const { progress } = phase;
  if (!progress) return null;
  return (
    <p className="num text-xs text-ink-3">
      {progress.total !== null
        ? `${count(progress.done)} of ${count(progress.total)}`
        : `${Math.round(progress.fraction * 100)} %`}
      {progress.message ? ` · ${progress.message}` : ""}
    </p>
  );
}

function StepItem({ step, hasEnded }: { step: StepView; hasEnded: boolean }) {
  const isOpen = step.status === "started" || step.status === "running";
  const status = isOpen ? (hasEnded ? "cancelled" : "running") : step.status;
  const hasData = Object.keys(step.data).length > 0;
  return (
    <li
      data-step={step.step}
      data-status={status}
      // The column may be narrower than what is in it, which then is cut or scrolls by itself.
      className={clsx(
        "pl-9 pr-3 py-2 grid grid-cols-[minmax(0,1fr)] gap-1.5",
        toneOf(status) === "fail" && "bg-fail-wash",
      )}
    >
      <div className="flex items-center gap-2.5">
        <Glyph status={status} />
        <span className={clsx("text-sm font-medium", status === "skip" && "text-ink-2")}>
          {words(step.step)}
        </span>
        <span className="sr-only">{words(status)}</span>
        <span className="num ml-auto text-xs text-ink-3">
          {isOpen ? (hasEnded ? "stopped" : "…") : status === "skip" ? "skipped" : duration(step.durationMs)}
        </span>
      </div>
      {step.detail ? <p className="pl-6.5 text-sm text-ink-2 break-words">{step.detail}</p> : null}
      {hasData ? (
        <div className="pl-6.5">
          <StepData data={step.data} />
        </div>
      ) : null}
    </li>
  );
}

/** The payload of a step: metrics per model as a table, numbers and words as chips, the rest as JSON on demand. */
function StepData({ data }: { data: Record<string, unknown> }) {
  const nameOf = useModelName();
  const perModel = asMetricTable(data.per_model);
  const rest = Object.entries(data).filter(
    ([key, value]) => key !== "per_model" && value !== null && !(Array.isArray(value) && value.length === 0),
  );
  const short = rest.filter(([, value]) => isShort(value));
  const counts = rest.filter(([, value]) => asCounts(value) !== null);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      {perModel ? <MetricTable rows={perModel} winner={text(data.winner)} /> : null}
      {short.length > 0 ? (
        <Chips
          pairs={short.map(([key, value]) => [
            words(key),
            shortText(key, value, isModel(key) ? nameOf : shortened),
          ])}
        />
      ) : null}
      {counts.map(([key, value]) => (
        <Chips
          key={key}
          title={words(key)}
          pairs={Object.entries(asCounts(value) ?? {})
            .filter(([, n]) => n !== 0)
            .map(([name, n]) => [words(name), count(n)] as const)}
        />
      ))}
    </div>
  );
}

function Chips({ title, pairs }: { title?: string; pairs: readonly (readonly [string, string])[] }) {
  if (pairs.length === 0) return null;
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      {title ? (
        <div className="w-full">
          <dt className="eyebrow">{title}</dt>
          <dd className="sr-only">{pairs.length} values</dd>
        </div>
      ) : null}
      {pairs.map(([name, value]) => (
        <div key={name} className="flex gap-1.5 min-w-0">
          <dt className="text-ink-3 whitespace-nowrap">{name}</dt>
          <dd className="num text-ink-2 truncate max-w-[48ch]" title={value}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const METRICS = ["wape", "smape", "mae", "rmse", "bias"] as const;

function MetricTable({ rows, winner }: { rows: [string, Record<string, unknown>][]; winner: string | null }) {
  return (
    <ScrollBox label="Metrics per model">
      <table className="text-xs w-full max-w-xl">
        <thead className="text-ink-3">
          <tr>
            <Th isLeft>Model</Th>
            <Th>WAPE %</Th>
            <Th>sMAPE %</Th>
            <Th>MAE</Th>
            <Th>RMSE</Th>
            <Th>Bias</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([model, metrics]) => (
            <tr key={model} className={clsx("border-t border-line", model === winner && "font-semibold")}>
              <th
                scope="row"
                className={clsx("text-left py-1 pr-3", model === winner ? "font-semibold" : "font-normal")}
              >
                <ModelName model={model} />
                {model === winner ? <span className="text-pass"> ● best</span> : null}
              </th>
              {METRICS.map((metric) => (
                <td key={metric} className="text-right py-1 pl-3">
                  {measured(metric, metrics[metric] as number | null).replace(" %", "")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Th({ children, isLeft = false }: { children: ReactNode; isLeft?: boolean }) {
  return (
    <th scope="col" className={clsx("font-medium py-1", isLeft ? "text-left pr-3" : "text-right pl-3")}>
      {children}
    </th>
  );
}

function asMetricTable(value: unknown): [string, Record<string, unknown>][] | null {
  if (!isRecord(value)) return null;
  const rows = Object.entries(value).filter((row): row is [string, Record<string, unknown>] =>
    isRecord(row[1]),
  );
  return rows.length > 0 ? rows : null;
}

function asCounts(value: unknown): Record<string, number> | null {
  if (!isRecord(value)) return null;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([, n]) => typeof n === "number")
    ? (value as Record<string, number>)
    : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isShort(value: unknown): boolean {
  return (
    typeof value !== "object" || (Array.isArray(value) && value.every((each) => typeof each !== "object"))
  );
}

function shortText(key: string, value: unknown, textOf: (text: string) => string): string {
  // `winner_wape` is a WAPE and is written as one.
  const metric = METRICS.find((each) => key.endsWith(each));
  if (metric && typeof value === "number") return measured(metric, value);
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : quantity(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  return Array.isArray(value) ? value.map((each) => textOf(String(each))).join(", ") : textOf(String(value));
}

/** Which data of a step are models, called by their wire names. */
function isModel(key: string): boolean {
  return key === "winner" || key === "trained" || key === "requested_models";
}

/** An id by its end, as everywhere; whole it is in the frame. */
function shortened(value: string): string {
  return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value) ? `…${shortId(value)}` : value;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
