/** Everything received of one run: raw lines, their chain, their times, and the transcript at any frame. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { Chain, genesis } from "@/lib/frames/chain.ts";
import { Transcript } from "@/lib/frames/reduce.ts";
import { emptyTranscript, type TranscriptState } from "@/lib/frames/state.ts";
import { type FollowOptions, follow, type Line, type StreamState } from "./stream.ts";
import { emptyTimeline, extend, type Timeline } from "./transport.ts";
import { type TranscriptView, viewOf } from "./view.ts";

/** A transcript is kept this often, so that seeking back reduces few frames again. */
const SNAPSHOT_EVERY = 256;

export interface LogState {
  stream: StreamState;
  /** Frames received. Changes with every arrival, so that a reader re-reads the log. */
  length: number;
}

export class RunLog {
  readonly runId: string;
  readonly lines: Line[] = [];
  readonly heads: Uint8Array[] = [];
  readonly timeline: Timeline = emptyTimeline();
  readonly #chain: Chain;
  readonly #snapshots: TranscriptState[] = [emptyTranscript()];
  #state: LogState = { stream: { phase: "connecting" }, length: 0 };
  #reduced = { seq: 0, transcript: new Transcript() };
  #shown: { seq: number; view: TranscriptView } = { seq: 0, view: viewOf(emptyTranscript()) };
  #listeners = new Set<() => void>();

  constructor(runId: string) {
    this.runId = runId;
    this.#chain = new Chain(runId);
  }

  /** Follows the run until the signal ends it. */
  start(open: FollowOptions["open"], signal: AbortSignal): void {
    void follow({
      open,
      signal,
      after: this.lines.length,
      onLines: (lines) => this.#add(lines),
      onState: (stream) => this.#set({ ...this.#state, stream }),
    });
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  state = (): LogState => this.#state;

  headHex(seq: number = this.lines.length): string {
    return bytesToHex(this.heads[seq - 1] ?? genesis(this.runId));
  }

  /** The transcript after the frame `seq`: the same reduction for live viewing, replay and seeking. */
  viewAt(seq: number): TranscriptView {
    const target = Math.min(Math.max(0, seq), this.lines.length);
    if (this.#shown.seq !== target) this.#shown = { seq: target, view: viewOf(this.#reduceTo(target)) };
    return this.#shown.view;
  }

  #reduceTo(target: number): TranscriptState {
    const nearest = Math.min(Math.floor(target / SNAPSHOT_EVERY), this.#snapshots.length - 1);
    if (this.#reduced.seq > target || this.#reduced.seq < nearest * SNAPSHOT_EVERY) {
      this.#reduced = { seq: nearest * SNAPSHOT_EVERY, transcript: new Transcript(this.#snapshots[nearest]) };
    }
    const { transcript } = this.#reduced;
    for (let at = this.#reduced.seq; at < target; at += 1) {
      const line = this.lines[at];
      if (line) transcript.apply(line.frame);
      this.#reduced.seq = at + 1;
      const slot = (at + 1) / SNAPSHOT_EVERY;
      if (Number.isInteger(slot)) this.#snapshots[slot] ??= transcript.snapshot();
    }
    return transcript.snapshot();
  }

  #add(lines: Line[]): void {
    for (const line of lines) {
      this.lines.push(line);
      this.heads.push(this.#chain.push(line.text));
      extend(this.timeline, line.frame.server_timestamp);
    }
    this.#set({ ...this.#state, length: this.lines.length });
  }

  #set(state: LogState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
