/** A run in three sentences: what happened, whether it can be trusted, what came out. */
import { count, plural, words } from "@/lib/format.ts";
import type { BlockView, ToolBlock } from "./transcript/block.ts";
import type { Proof } from "./verified_badge.tsx";
import type { TranscriptView } from "./view.ts";

interface Said {
  /** How it stands, in a word with a tone. */
  status: string;
  sentence: string;
}

export function happened(view: TranscriptView): Said {
  if (view.at === null) return { status: "pending", sentence: "Nothing yet." };
  const steps = view.phases.flatMap((phase) => phase.steps);
  const calls = callsOf(view.blocks);
  const parts = [
    view.attempt > 1 ? plural(view.attempt, "attempt") : null,
    counted(view.phases.length, "phase"),
    withFailed(steps.length, "step", steps.filter(({ status }) => status === "fail").length),
    withFailed(calls.length, "call", calls.filter(({ status }) => status === "failed").length),
    counted(calls.filter(({ status }) => status === "denied").length, "denial"),
    counted(view.blocks.filter(({ type }) => type === "message").length, "message"),
    counted(view.notices.filter(({ level }) => level !== "info").length, "warning"),
  ].filter((part) => part !== null);
  const status = view.terminal?.status ?? "running";
  return { status, sentence: parts.length > 0 ? `${parts.join(", ")}.` : "It has begun." };
}

function callsOf(blocks: readonly BlockView[]): ToolBlock[] {
  return blocks.flatMap((block) => (block.type === "tool" ? [block, ...callsOf(block.nested)] : []));
}

function counted(n: number, what: string): string | null {
  return n === 0 ? null : plural(n, what);
}

function withFailed(n: number, what: string, failed: number): string | null {
  const all = counted(n, what);
  return all && failed > 0 ? `${all} (${count(failed)} failed)` : all;
}

export function trust(proof: Proof): Said {
  switch (proof.state) {
    case "verified":
      return {
        status: "pass",
        sentence: `Yes: ${plural(proof.frames, "frame")} lead to the ledger's head, computed here.`,
      };
    case "failed":
      return { status: "fail", sentence: stopped(`No: ${proof.reason}`) };
    case "removed":
      return {
        status: "warn",
        sentence: `${count(proof.removed)} of ${plural(proof.frames, "frame")} were let go under retention; by their digests all lead to the ledger's head, the server says.`,
      };
    case "checking":
      return {
        status: "running",
        sentence: `${plural(proof.frames, "frame")} are here; the head is compared.`,
      };
    case "open":
      return {
        status: "running",
        sentence: `Not yet: ${plural(proof.frames, "frame")} are chained, and the end is still to come.`,
      };
  }
}

/** Of an answer the first sentence is shown, and of a very long one its beginning; the tab has all of it. */
const LONGEST = 180;

export function cameOut(view: TranscriptView, isAtEnd: boolean): Said {
  const { terminal, artifacts } = view;
  const left = artifacts.length > 0 ? ` ${plural(artifacts.length, "artifact")}.` : "";
  if (!terminal) {
    const sentence = isAtEnd ? "Nothing final yet." : "Nothing final at this moment.";
    return { status: "pending", sentence: sentence + left };
  }
  const text = stopped(shortened(terminal.text?.trim() || words(terminal.status)));
  return { status: terminal.status, sentence: text + left };
}

function stopped(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").replace(/^(.{20,}?[.!?]) .*$/, "$1");
  if (line.length <= LONGEST) return line;
  return `${line.slice(0, LONGEST).replace(/\s+\S*$/, "")}…`;
}
