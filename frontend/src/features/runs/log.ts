/** Everything received of one run: raw lines, their chain, their times, and the transcript at any frame. */
import { bytesToHex } from "@noble/hashes/utils.js";
import { Chain, genesis } from "@/lib/frames/chain.ts";
import { Transcript } from "@/lib/frames/reduce.ts";
import { emptyTranscript, type TranscriptState } from "@/lib/frames/state.ts";
import { isTerminal } from "@/lib/frames/types.ts";
import { type Mark, markOf } from "./minimap.ts";
import { type FollowOptions, follow, type Line, type StreamState } from "./stream.ts";
import { emptyTimeline, extend, type Timeline } from "./transport.ts";
import { type TranscriptView, viewOf } from "./view.ts";

/** A transcript is kept this often, so that seeking reduces few frames again. */
const SNAPSHOT_EVERY = 256;
const HEAD_BYTES = 32;

export interface LogState {
  stream: StreamState;
  /** Frames received. Changes with every arrival, so that a reader re-reads the log. */
  length: number;
}

export class RunLog {
  readonly runId: string;
  readonly lines: Line[] = [];
  /** The chain's head after each line, one behind the other. */
  #heads = new Uint8Array(1024 * HEAD_BYTES);
  readonly timeline: Timeline = emptyTimeline();
  readonly marks: Mark[] = [];
  /** Begun with the first frame: an id that is none, as in a mistyped address, has no frames and is the server's to refuse. */
  #chain: Chain | null = null;
  /** The transcript of all lines; frames are reduced as they come, so that no reader ever waits for many of them. */
  readonly #newest = new Transcript();
  readonly #snapshots: TranscriptState[] = [emptyTranscript()];
  #state: LogState = { stream: { phase: "connecting" }, length: 0 };
  #shown = shownOf(0, emptyTranscript());
  #listeners = new Set<() => void>();

  constructor(runId: string) {
    this.runId = runId;
  }

  /** Follows the run until the signal ends it. After a run's last frame there is nothing to follow. */
  start(from: Pick<FollowOptions, "open" | "openEvents" | "ask">, signal: AbortSignal): void {
    if (this.#hasEnded()) return;
    void follow({
      ...from,
      signal,
      after: this.lines.length,
      onLine: (line) => this.#take(line),
      onPause: () => {
        if (this.lines.length > this.#state.length) this.#set({ ...this.#state, length: this.lines.length });
      },
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
    if (seq < 1 || seq > this.lines.length) return bytesToHex(genesis(this.runId));
    return bytesToHex(this.#heads.subarray((seq - 1) * HEAD_BYTES, seq * HEAD_BYTES));
  }

  /** The transcript after the frame `seq`: the same reduction for live viewing, replay and seeking. */
  transcriptAt(seq: number): TranscriptState {
    return this.#show(seq).transcript;
  }

  /** The same as the components draw it. */
  viewAt(seq: number): TranscriptView {
    return this.#show(seq).view;
  }

  #show(seq: number): Shown {
    const target = Math.min(Math.max(0, seq), this.lines.length);
    if (this.#shown.seq !== target) this.#shown = shownOf(target, this.#stateAt(target));
    return this.#shown;
  }

  #stateAt(target: number): TranscriptState {
    if (target === this.lines.length) return this.#newest.snapshot();
    const nearest = Math.floor(target / SNAPSHOT_EVERY);
    const transcript = new Transcript(this.#snapshots[nearest]);
    for (const line of this.lines.slice(nearest * SNAPSHOT_EVERY, target)) transcript.apply(line.frame);
    return transcript.snapshot();
  }

  #take(line: Line): void {
    const { seq, text, frame } = line;
    this.#chain ??= new Chain(this.runId);
    this.#chain.push(text);
    this.#keepHead(this.#chain);
    this.lines.push(line);
    extend(this.timeline, frame.server_timestamp);
    const mark = markOf(seq, frame);
    if (mark) this.marks.push(mark);
    this.#newest.apply(frame);
    if (this.lines.length % SNAPSHOT_EVERY === 0) this.#snapshots.push(this.#newest.snapshot());
  }

  #keepHead(chain: Chain): void {
    const at = this.lines.length * HEAD_BYTES;
    if (at === this.#heads.length) {
      const longer = new Uint8Array(this.#heads.length * 2);
      longer.set(this.#heads);
      this.#heads = longer;
    }
    chain.copyHead(this.#heads, at);
  }

  #hasEnded(): boolean {
    const last = this.lines.at(-1);
    return last !== undefined && isTerminal(last.frame);
  }

  #set(state: LogState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** What is shown of one moment, kept because many ask for it. */
interface Shown {
  seq: number;
  transcript: TranscriptState;
  view: TranscriptView;
}

function shownOf(seq: number, transcript: TranscriptState): Shown {
  return { seq, transcript, view: viewOf(transcript) };
}
