/**
 * The chain of a record whose lines are bytes in a file, which may be a million: the twin of `lib/frames/chain.ts`, whose
 * lines are texts that a page holds. What takes the time is the digest of each line; it needs none of the others, so that
 * several can be made at once.
 */
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { genesis } from "../frames/chain.ts";
import { DIGEST_BYTES, type Digests, digestsOf, NEWLINE } from "./line_digests.ts";
import { digestInto } from "./sha256.ts";

const PART_BYTES = 4 << 20;
/** As much is read to find the end of the line in which a part would end. */
const LOOK_BYTES = 64 << 10;

export interface Folded {
  /** How many frames there are. */
  seq: number;
  headHex: string;
}

/** Pieces of a file that end where a line ends. */
async function* partsOf(file: Blob, partBytes: number): AsyncGenerator<Blob> {
  for (let at = 0; at < file.size; ) {
    const end = await lineEnd(file, Math.min(file.size, at + partBytes));
    yield file.slice(at, end);
    at = end;
  }
}

/** The place behind the first newline at or behind the one before `from`; the end of the file without one. */
export async function lineEnd(file: Blob, from: number): Promise<number> {
  for (let at = Math.max(0, from - 1); at < file.size; at += LOOK_BYTES) {
    const looked = new Uint8Array(await file.slice(at, at + LOOK_BYTES).arrayBuffer());
    const found = looked.indexOf(NEWLINE);
    if (found >= 0) return at + found + 1;
  }
  return file.size;
}

interface Folding {
  /** Makes the digests of this many parts at once. */
  digests?: Digests;
  atOnce?: number;
  onProgress?: (fraction: number) => void;
  partBytes?: number;
}

/** The chain over all lines of a file. */
export async function fold(ledger: string, file: Blob, folding: Folding = {}): Promise<Folded> {
  const { digests = digestsOf, atOnce = 1, onProgress = () => undefined, partBytes = PART_BYTES } = folding;
  const links = new Links(ledger);
  const made: { digests: Promise<Uint8Array>; size: number }[] = [];
  let done = 0;
  const linkFirst = async () => {
    const first = made.shift();
    if (!first) return;
    links.add(await first.digests);
    done += first.size;
    onProgress(done / file.size);
  };
  for await (const part of partsOf(file, partBytes)) {
    made.push({ digests: digests(part), size: part.size });
    if (made.length >= atOnce) await linkFirst();
  }
  while (made.length > 0) await linkFirst();
  return links.folded();
}

const LINK = utf8ToBytes("assay.frame.v2");
/** What a link is the digest of: its name, the head before it, its place and the digest of its frame. */
const HEAD_AT = LINK.length;
const PLACE_AT = HEAD_AT + DIGEST_BYTES;
const FRAME_AT = PLACE_AT + 8;

class Links {
  readonly #message = new Uint8Array(FRAME_AT + DIGEST_BYTES);
  readonly #place = new DataView(this.#message.buffer, PLACE_AT, 8);
  #seq = 0;

  constructor(ledger: string) {
    this.#message.set(LINK);
    this.#message.set(genesis(ledger), HEAD_AT);
  }

  add(digests: Uint8Array): void {
    const message = this.#message;
    for (let at = 0; at < digests.length; at += DIGEST_BYTES) {
      this.#seq += 1;
      // A place stays below 2^53; its lower half is taken modulo 2^32 by being written.
      this.#place.setUint32(0, Math.floor(this.#seq / 2 ** 32));
      this.#place.setUint32(4, this.#seq);
      for (let byte = 0; byte < DIGEST_BYTES; byte += 1)
        message[FRAME_AT + byte] = digests[at + byte] as number;
      digestInto(message, HEAD_AT, message, 0, message.length);
    }
  }

  folded(): Folded {
    return { seq: this.#seq, headHex: bytesToHex(this.#message.subarray(HEAD_AT, PLACE_AT)) };
  }
}
