/** The digests of the lines of a file's part: what takes the time of a check, and needs nothing but its own bytes. */
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { digestInto } from "./sha256.ts";

export const DIGEST_BYTES = 32;
export const NEWLINE = 10;

/** The digests of the lines of a part, one behind the other. */
export type Digests = (part: Blob) => Promise<Uint8Array>;

export async function digestsOf(part: Blob): Promise<Uint8Array> {
  return lineDigests(new Uint8Array(await part.arrayBuffer()));
}

/** A line is what a newline ends, and what is left behind the last. One may be the digest of a frame that was let go. */
export function lineDigests(bytes: Uint8Array): Uint8Array {
  let digests = new Uint8Array(DIGEST_BYTES * 1024);
  let n = 0;
  for (let at = 0; at < bytes.length; n += 1) {
    const found = bytes.indexOf(NEWLINE, at);
    const end = found < 0 ? bytes.length : found;
    if ((n + 1) * DIGEST_BYTES > digests.length) digests = grown(digests);
    if (!readDigest(digests, n * DIGEST_BYTES, bytes, at, end)) {
      digestInto(digests, n * DIGEST_BYTES, bytes, at, end);
    }
    at = end + 1;
  }
  return digests.slice(0, n * DIGEST_BYTES);
}

function grown(from: Uint8Array): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(from.length * 2);
  to.set(from);
  return to;
}

const NAME = utf8ToBytes("sha256:");

/** Reads a line that is the digest of a frame; whether it is one. */
function readDigest(to: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== NAME.length + 2 * DIGEST_BYTES) return false;
  if (!NAME.every((byte, place) => bytes[start + place] === byte)) return false;
  for (let place = 0; place < DIGEST_BYTES; place += 1) {
    const digit = start + NAME.length + 2 * place;
    const value = 16 * hexDigit(bytes[digit]) + hexDigit(bytes[digit + 1]);
    if (Number.isNaN(value)) return false;
    to[at + place] = value;
  }
  return true;
}

function hexDigit(byte = 0): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  return byte >= 97 && byte <= 102 ? byte - 87 : Number.NaN;
}
