/**
 * That one simulated tournament lies under the seal of a run, checked by the viewer so that it need not believe the
 * server: RFC 9162, 2.1.3.2. The twin of `tournament::seal` in Rust.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import type { PlayedBracket, SealProof } from "@/api/lab.ts";
import type { Bracket } from "./bracket.ts";

/** The digest of one tournament's result bits, each word with its least significant byte first. */
export function leafOf(bits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(1 + 4 * bits.length);
  const words = new DataView(bytes.buffer);
  bits.forEach((word, at) => {
    words.setUint32(1 + 4 * at, word, true);
  });
  return sha256(bytes);
}

function nodeOf(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256
    .create()
    .update(new Uint8Array([1]))
    .update(left)
    .update(right)
    .digest();
}

/** Whether the bits of this simulation lead to the root. */
export function holds(proof: SealProof, simulation: number): boolean {
  let [at, last] = [simulation, proof.total_simulations - 1];
  if (at > last) return false;
  let digest = leafOf(proof.bits);
  for (const hex of proof.path) {
    if (last === 0) return false;
    const beside = hexToBytes(plain(hex));
    if (at % 2 === 1 || at === last) {
      digest = nodeOf(beside, digest);
      while (at % 2 === 0 && at > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      digest = nodeOf(digest, beside);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && bytesToHex(digest) === plain(proof.root);
}

function plain(digest: string): string {
  return digest.replace(/^sha256:/, "");
}

/** Whether the winners that are shown are those of the sealed bits: one a game, set where the first side won. */
export function isOfBits({ games }: PlayedBracket, bracket: Bracket, bits: readonly number[]): boolean {
  const first = new Map(
    bracket.rounds.flatMap((round) =>
      round.games.map(({ game, teams }) => [game.game_id, teams[0]] as const),
    ),
  );
  return games.every(({ game_id, winner_team_id }, at) => {
    const isSet = (((bits[Math.floor(at / 32)] ?? 0) >>> (at % 32)) & 1) === 1;
    return isSet === (first.get(game_id) === winner_team_id);
  });
}
