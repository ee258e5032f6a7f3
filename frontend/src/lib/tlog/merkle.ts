/** The hashes and proofs of RFC 6962, as the crate `tlog` has them. */
import { sha256 } from "@noble/hashes/sha2.js";

const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256.create().update(LEAF).update(entry).digest();
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256.create().update(NODE).update(left).update(right).digest();
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

/** Whether the path leads from a leaf at `index` to the root of a log of `size` (RFC 9162, 2.1.3.2). */
export function verifyInclusion(
  index: number,
  size: number,
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!(index < size)) return false;
  const step = new Step(index, size - 1);
  let found = leaf;
  for (const hash of path) {
    if (step.last === 0) return false;
    found = step.isRight() ? nodeHash(hash, found) : nodeHash(found, hash);
    step.up();
  }
  return step.last === 0 && isSame(found, root);
}

export interface Tree {
  size: number;
  root: Uint8Array;
}

/** Whether the path proves that one log is the beginning of another (RFC 9162, 2.1.4.2). */
export function verifyConsistency(older: Tree, newer: Tree, path: readonly Uint8Array[]): boolean {
  if (older.size > newer.size) return false;
  if (older.size === 0) return path.length === 0 && isSame(older.root, sha256(new Uint8Array()));
  if (older.size === newer.size) return path.length === 0 && isSame(older.root, newer.root);
  const step = new Step(older.size - 1, newer.size - 1);
  while (step.place % 2 === 1) step.up();
  // The root of a complete tree is a part of the other log itself.
  const [first, ...rest] = step.place === 0 ? [older.root, ...path] : path;
  if (!first) return false;
  let [foundOlder, found] = [first, first];
  for (const hash of rest) {
    if (step.last === 0) return false;
    if (step.isRight()) {
      foundOlder = nodeHash(hash, foundOlder);
      found = nodeHash(hash, found);
    } else {
      found = nodeHash(found, hash);
    }
    step.up();
  }
  return step.last === 0 && isSame(foundOlder, older.root) && isSame(found, newer.root);
}

/** Where a path has come to. Sizes stay below 2^53, and bits of numbers end at 2^32, so halves are taken by division. */
class Step {
  place: number;
  last: number;

  constructor(place: number, last: number) {
    this.place = place;
    this.last = last;
  }

  /** Whether what the path has reached is a right child. A last one without a neighbour is first taken up to where it has. */
  isRight(): boolean {
    if (this.place % 2 === 0 && this.place !== this.last) return false;
    while (this.place % 2 === 0 && this.place !== 0) this.up();
    return true;
  }

  up(): void {
    this.place = Math.floor(this.place / 2);
    this.last = Math.floor(this.last / 2);
  }
}
