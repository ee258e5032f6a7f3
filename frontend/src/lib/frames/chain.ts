/**
 * The hash chain of a run's stored bytes, computed by the viewer so that it need not believe the server. The twin of
 * `frames::chain` in Rust.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const DOMAIN = utf8ToBytes("assay.frame.v1");

/** The head before the first frame. */
export const ZERO: Uint8Array = new Uint8Array(32);

/** The 16 bytes of a run's id: a UUID, or a stream's `run_` and 32 digits. */
export function runBytes(run: string): Uint8Array {
  const hex = run.replace(/^run_/, "").replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new RangeError(`${run} is not the id of a run`);
  return hexToBytes(hex);
}

/** The head after frame `seq`, given the head before it and the frame's bytes as they were sent. */
export function link(run: Uint8Array, seq: number, previous: Uint8Array, frame: Uint8Array): Uint8Array {
  const position = new Uint8Array(8);
  new DataView(position.buffer).setBigUint64(0, BigInt(seq));
  return sha256.create().update(DOMAIN).update(run).update(position).update(previous).update(frame).digest();
}

/** A run's chain as far as it has been folded. */
export class Chain {
  readonly #run: Uint8Array;
  #seq: number;
  #head: Uint8Array;

  /** The chain of a run whose first `seq` frames lead to `head`. */
  constructor(run: string, seq = 0, head: Uint8Array = ZERO) {
    this.#run = runBytes(run);
    this.#seq = seq;
    this.#head = head;
  }

  /** Adds the next frame's text as it was received and returns the new head. */
  push(text: string): Uint8Array {
    this.#seq += 1;
    this.#head = link(this.#run, this.#seq, this.#head, utf8ToBytes(text));
    return this.#head;
  }

  get seq(): number {
    return this.#seq;
  }

  get head(): Uint8Array {
    return this.#head;
  }

  /** The head as the ledger shows it. */
  get headHex(): string {
    return bytesToHex(this.#head);
  }
}
