/** The ledger's hash chain, computed here so that a viewer need not believe the server. */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const DOMAIN = utf8ToBytes("assay.frame.v1");

export const ZERO = new Uint8Array(32);

/** The head after frame `seq`, given the head before it and the frame's bytes as they were sent. */
export function link(run: Uint8Array, seq: number, previous: Uint8Array, frame: Uint8Array): Uint8Array {
  const position = new Uint8Array(8);
  new DataView(position.buffer).setBigUint64(0, BigInt(seq));
  return sha256.create().update(DOMAIN).update(run).update(position).update(previous).update(frame).digest();
}

/** The 16 bytes of a run's UUID, however it is written. */
export function runBytes(runId: string): Uint8Array {
  const hex = runId.replace(/^run_/, "").replaceAll("-", "");
  return /^[0-9a-f]{32}$/i.test(hex) ? hexToBytes(hex) : new Uint8Array(16);
}

export const toHex = bytesToHex;
