/**
 * The hash chain of a ledger's stored bytes, computed by the viewer so that it need not believe the server. The twin of
 * `frames::chain` in Rust.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const GENESIS = utf8ToBytes("assay.ledger.v2");
const LINK = utf8ToBytes("assay.frame.v2");
const encoder = new TextEncoder();

/** The 16 bytes of a ledger's id: a UUID, or a stream's `run_` and 32 digits. A run's ledger has the run's id. */
export function idBytes(ledger: string): Uint8Array {
  const hex = ledger.replace(/^run_/, "").replaceAll("-", "").toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new RangeError(`${ledger} is not the id of a ledger`);
  return hexToBytes(hex);
}

/** Where a digest begins, and what is taken on from there: frames come by the hundred thousand, and a buffer made for each would be the collector's work. */
const BEGINNING = sha256.create();
const running = sha256.create();

function digestInto(digest: Uint8Array, ...parts: Uint8Array[]): void {
  BEGINNING._cloneInto(running);
  for (const part of parts) running.update(part);
  running.digestInto(digest);
}

/** The head before the first frame. */
export function genesis(ledger: string): Uint8Array {
  return sha256.create().update(GENESIS).update(idBytes(ledger)).digest();
}

/** A ledger's chain as far as it has been folded. */
export class Chain {
  #seq: number;
  readonly #head: Uint8Array;
  readonly #position = new Uint8Array(8);
  readonly #frame = new Uint8Array(32);
  #text = new Uint8Array(1024);

  /** The chain of a ledger whose first `seq` frames lead to `head`. */
  constructor(ledger: string, seq = 0, head: Uint8Array = genesis(ledger)) {
    this.#seq = seq;
    this.#head = head.slice();
  }

  /**
   * Adds the next frame's text as it was received: the new head is the digest of the one before it, of its place and of
   * the digest of its bytes.
   */
  push(text: string): void {
    digestInto(this.#frame, this.#bytes(text));
    this.#link(this.#frame);
  }

  /** Adds a line of a record: a frame's text, or the digest of a frame that was let go. Says whether it was a frame. */
  pushLine(line: string): boolean {
    const [, digest] = /^sha256:([0-9a-f]{64})$/.exec(line) ?? [];
    if (digest) this.#link(hexToBytes(digest));
    else this.push(line);
    return !digest;
  }

  #link(frame: Uint8Array): void {
    this.#seq += 1;
    new DataView(this.#position.buffer).setBigUint64(0, BigInt(this.#seq));
    digestInto(this.#head, LINK, this.#head, this.#position, frame);
  }

  /** Valid until the next text. */
  #bytes(text: string): Uint8Array {
    // No unit of UTF-16 takes more than three bytes.
    if (this.#text.length < text.length * 3) this.#text = new Uint8Array(text.length * 6);
    return this.#text.subarray(0, encoder.encodeInto(text, this.#text).written);
  }

  get seq(): number {
    return this.#seq;
  }

  get head(): Uint8Array {
    return this.#head.slice();
  }

  /** Writes the head over the 32 bytes from `at`. */
  copyHead(to: Uint8Array, at: number): void {
    to.set(this.#head, at);
  }

  /** The head as the ledger shows it. */
  get headHex(): string {
    return bytesToHex(this.#head);
  }
}
