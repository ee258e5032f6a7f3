/** Everything received of one run: raw lines, their chain, their times, and the transcript at any frame. */
import { link, runBytes, toHex, ZERO } from "./chain.ts";
import { type FollowOptions, follow, type Line, type StreamState } from "./stream.ts";
import { apply, EMPTY } from "./transcript.ts";
import { emptyTimeline, extend, type Timeline } from "./transport.ts";
import type { TranscriptView } from "./view.ts";

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
  #state: LogState = { stream: { phase: "connecting" }, length: 0 };
  #snapshots: TranscriptView[] = [EMPTY];
  #latest: { seq: number; transcript: TranscriptView } = { seq: 0, transcript: EMPTY };
  #listeners = new Set<() => void>();
  readonly #run: Uint8Array;

  constructor(runId: string) {
    this.runId = runId;
    this.#run = runBytes(runId);
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
    return toHex(this.heads[seq - 1] ?? ZERO);
  }

  /** The transcript after the frame `seq`: the same reduction for live viewing, replay and seeking. */
  transcriptAt(seq: number): TranscriptView {
    const target = Math.min(Math.max(0, seq), this.lines.length);
    let { seq: at, transcript } = this.#latest;
    if (at > target || at < target - SNAPSHOT_EVERY) {
      const snapshot = Math.min(Math.floor(target / SNAPSHOT_EVERY), this.#snapshots.length - 1);
      if (at > target || snapshot * SNAPSHOT_EVERY > at) {
        at = snapshot * SNAPSHOT_EVERY;
        transcript = this.#snapshots[snapshot] ?? EMPTY;
      }
    }
    while (at < target) {
      const line = this.lines[at];
      if (!line) break;
      transcript = apply(transcript, line.frame);
      at += 1;
      if (at % SNAPSHOT_EVERY === 0) this.#snapshots[at / SNAPSHOT_EVERY] ??= transcript;
    }
    this.#latest = { seq: at, transcript };
    return transcript;
  }

  #add(lines: Line[]): void {
    const encoder = new TextEncoder();
    for (const line of lines) {
      const previous = this.heads.at(-1) ?? ZERO;
      this.lines.push(line);
      this.heads.push(link(this.#run, line.seq, previous, encoder.encode(line.text)));
      extend(this.timeline, line.frame.server_timestamp);
    }
    this.#set({ ...this.#state, length: this.lines.length });
  }

  #set(state: LogState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
