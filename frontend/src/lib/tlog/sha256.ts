/**
 * SHA-256 (FIPS 180-4) of a part of a buffer at once. A record is a million small messages, of each of which a hash object
 * would have to be begun and ended; without one they take little more than half of the time.
 */

const ROUNDS = new Int32Array(64);
const BEGINNING = new Int32Array(8);
const BLOCK = 64;

fill();

/** The constants are the first bits of roots of the first primes: cube roots for the rounds, square roots to begin with. */
function fill(): void {
  let found = 0;
  for (let n = 2; found < ROUNDS.length; n += 1) {
    if (!isPrime(n)) continue;
    if (found < BEGINNING.length) BEGINNING[found] = bitsOfRoot(n, 2);
    ROUNDS[found] = bitsOfRoot(n, 3);
    found += 1;
  }
}

function isPrime(n: number): boolean {
  for (let by = 2; by * by <= n; by += 1) if (n % by === 0) return false;
  return true;
}

/** The first 32 bits behind the point, found in whole numbers, which do not round. */
function bitsOfRoot(n: number, degree: number): number {
  const power = BigInt(n) << BigInt(32 * degree);
  let root = 0n;
  for (let bit = 1n << 36n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** BigInt(degree) <= power) root += bit;
  }
  return Number(BigInt.asIntN(32, root));
}

const words = new Int32Array(64);
const state = new Int32Array(8);
const tail = new Uint8Array(2 * BLOCK);

/** Writes the digest of `from[start..end]` into the 32 bytes of `to` from `place`. */
export function digestInto(
  to: Uint8Array,
  place: number,
  from: Uint8Array,
  start: number,
  end: number,
): void {
  state.set(BEGINNING);
  let block = start;
  for (; block + BLOCK <= end; block += BLOCK) mix(from, block);
  mixTail(from, block, end, end - start);
  for (let word = 0; word < 8; word += 1) writeWord(to, place + 4 * word, at(word));
}

/** What is left of the message, a one, zeros, and the length in bits. */
function mixTail(from: Uint8Array, start: number, end: number, length: number): void {
  const left = end - start;
  tail.fill(0);
  for (let at = 0; at < left; at += 1) tail[at] = from[start + at] as number;
  tail[left] = 0x80;
  const size = left < BLOCK - 8 ? BLOCK : 2 * BLOCK;
  writeWord(tail, size - 8, Math.floor(length / 0x2000_0000));
  writeWord(tail, size - 4, length << 3);
  mix(tail, 0);
  if (size > BLOCK) mix(tail, BLOCK);
}

function writeWord(to: Uint8Array, at: number, word: number): void {
  to[at] = word >>> 24;
  to[at + 1] = word >>> 16;
  to[at + 2] = word >>> 8;
  to[at + 3] = word;
}

function mix(from: Uint8Array, start: number): void {
  spread(from, start);
  turn();
}

function at(word: number): number {
  return state[word] as number;
}

/** The sixty-four rounds. Eight variables are faster to turn than eight places of an array, or than what is handed over. */
function turn(): void {
  let a = at(0);
  let b = at(1);
  let c = at(2);
  let d = at(3);
  let e = at(4);
  let f = at(5);
  let g = at(6);
  let h = at(7);
  for (let round = 0; round < 64; round += 1) {
    const turned = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const one = (h + turned + (g ^ (e & (f ^ g))) + (ROUNDS[round] as number) + (words[round] as number)) | 0;
    const other = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    // Of three words it is the one that two of them agree on.
    const most = (b & c) ^ (a & (b ^ c));
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + other + most) | 0;
  }
  add(0, a, b, c, d);
  add(4, e, f, g, h);
}

function add(from: number, one: number, two: number, three: number, four: number): void {
  state[from] = at(from) + one;
  state[from + 1] = at(from + 1) + two;
  state[from + 2] = at(from + 2) + three;
  state[from + 3] = at(from + 3) + four;
}

/** The sixteen words of a block, and the 48 that follow from them. */
function spread(from: Uint8Array, start: number): void {
  for (let word = 0, at = start; word < 16; word += 1, at += 4) {
    const high = ((from[at] as number) << 24) | ((from[at + 1] as number) << 16);
    words[word] = high | ((from[at + 2] as number) << 8) | (from[at + 3] as number);
  }
  for (let word = 16; word < 64; word += 1) {
    const x = words[word - 15] as number;
    const y = words[word - 2] as number;
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    words[word] = ((words[word - 16] as number) + low + (words[word - 7] as number) + high) | 0;
  }
}
