/**
 * The hash chain of a ledger's stored bytes, computed by the viewer so that it need not believe the server. The twin of
 * `frames::chain` in Rust.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const GENESIS = utf8ToBytes("assay.ledger.v2");
const LINK = utf8ToBytes("assay.frame.v2");

/** The 16 bytes of a ledger's id: a UUID, or a stream's `run_` and 32 digits. A run's ledger has the run's id. */
export function idBytes(ledger: string): Uint8Array {
  const hex = ledger.replace(/^run_/, "").replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new RangeError(`${ledger} is not the id of a ledger`);
  return hexToBytes(hex);
}

/** The head before the first frame. */
export function genesis(ledger: string): Uint8Array {
  return sha256.create().update(GENESIS).update(idBytes(ledger)).digest();
}

/** The head after frame `seq`, given the head before it and the digest of the frame's bytes as they were sent. */
export function link(previous: Uint8Array, seq: number, frame: Uint8Array): Uint8Array {
  const position = new Uint8Array(8);
  new DataView(position.buffer).setBigUint64(0, BigInt(seq));
  return sha256.create().update(LINK).update(previous).update(position).update(frame).digest();
}

/** A ledger's chain as far as it has been folded. */
export class Chain {
  #seq: number;
  #head: Uint8Array;

  /** The chain of a ledger whose first `seq` frames lead to `head`. */
  constructor(ledger: string, seq = 0, head: Uint8Array = genesis(ledger)) {
    this.#seq = seq;
    this.#head = head;
  }

  /** Adds the next frame's text as it was received and returns the new head. */
  push(text: string): Uint8Array {
    this.#seq += 1;
    this.#head = link(this.#head, this.#seq, sha256(utf8ToBytes(text)));
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
