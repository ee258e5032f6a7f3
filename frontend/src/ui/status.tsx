import clsx from "clsx";
import { Check, CircleDashed, CircleSlash, Hourglass, Minus, TriangleAlert, X } from "lucide-react";
import { words } from "@/lib/format.ts";

/** How a thing stands, in the few ways that have a colour. Every wire status maps to one of them. */
export type Tone = "pass" | "fail" | "warn" | "run" | "idle";

const TONES: Record<string, Tone> = {
  pass: "pass",
  succeeded: "pass",
  completed: "pass",
  ready: "pass",
  high: "pass",
  fail: "fail",
  failed: "fail",
  error: "fail",
  unusable: "fail",
  dead_letter: "fail",
  warn: "warn",
  warning: "warn",
  partial: "warn",
  limited: "warn",
  refused: "warn",
  incomplete: "warn",
  low: "warn",
  // Waiting for runs or for time needs nobody; a decision needs a person.
  waiting_for_decision: "warn",
  running: "run",
  in_progress: "run",
  denied: "fail",
  approved: "run",
  preparing: "run",
  awaiting_approval: "warn",
  medium: "run",
};

export function toneOf(status: string): Tone {
  return TONES[status] ?? "idle";
}

const TEXT: Record<Tone, string> = {
  pass: "text-pass",
  fail: "text-fail",
  warn: "text-warn",
  run: "text-run",
  idle: "text-ink-3",
};
const WASH: Record<Tone, string> = {
  pass: "bg-pass-wash text-pass",
  fail: "bg-fail-wash text-fail",
  warn: "bg-warn-wash text-warn",
  run: "bg-run-wash text-run",
  idle: "bg-sunken text-ink-2",
};

export function Badge({ status, label }: { status: string; label?: string }) {
  const tone = toneOf(status);
  return (
    <span
      className={clsx(
        "inline-flex items-center gap-1.5 h-5 px-1.5 rounded-sm text-xs font-medium whitespace-nowrap",
        WASH[tone],
      )}
    >
      {tone === "run" && status !== "medium" ? (
        <span className="size-1.5 rounded-full bg-current pulse-dot" aria-hidden />
      ) : null}
      {isWaiting(status) ? <Hourglass className="size-3" strokeWidth={2.25} aria-hidden /> : null}
      {label ?? words(status)}
    </span>
  );
}

/** The glyph of a step: told apart by shape as well as by colour. */
export function Glyph({ status }: { status: string }) {
  const tone = toneOf(status);
  if (tone === "run") {
    return (
      <span className="relative grid place-items-center size-4" aria-hidden>
        <span className="size-2 rounded-full bg-run pulse-dot" />
      </span>
    );
  }
  const Icon = iconOf(status, tone);
  return <Icon className={clsx("size-4", TEXT[tone])} strokeWidth={2.25} aria-hidden />;
}

function iconOf(status: string, tone: Tone) {
  if (isWaiting(status)) return Hourglass;
  if (tone === "pass") return Check;
  if (tone === "fail") return X;
  if (tone === "warn") return TriangleAlert;
  if (status === "skip" || status === "skipped" || status === "dropped") return Minus;
  return status === "cancelled" ? CircleSlash : CircleDashed;
}

function isWaiting(status: string): boolean {
  return status === "waiting" || status === "waiting_for_decision" || status === "awaiting_approval";
}
