/**
 * Checking a bundle with nothing but itself and what the reader brings: the twin of `assay log check`.
 */
import { hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { components } from "@/api/schema.d.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle.ts";
import {
  type Checkpoint,
  isSignedBy,
  type Key,
  type Note,
  readCheckpoint,
  readKey,
  readNote,
} from "./note.ts";
import { type Folded, fold, lineEnd } from "./record.ts";

type Proof = components["schemas"]["log.Proof"];

export interface Check {
  name: "frames" | "log" | "signature" | "growth";
  holds: boolean;
  detail: string;
}

export interface Report {
  ledgerId: string;
  runId: string;
  frames: number;
  head: string;
  /** Who signed the checkpoint, under which name. */
  signedBy: string | null;
  isKeyGiven: boolean;
  /** Others who have put a line under it, unchecked. */
  witnesses: string[];
  checkpoint: Checkpoint;
  checks: Check[];
}

/** What the reader knows from elsewhere. */
export interface Brought {
  key?: string;
  checkpoint?: string;
}

/** Not a bundle, or what was brought is not what it should be: said to the reader as it is. */
export class Unreadable extends Error {}

/** The chain over the frames of a ledger, a line each. */
type Fold = (ledger: string, frames: Blob) => Promise<Folded>;

/** A bundle is a line of proof and then the frames, which may be more than a text can hold: they stay where they are. */
export async function checkBundle(bundle: Blob, brought: Brought = {}, folded: Fold = fold): Promise<Report> {
  const end = await lineEnd(bundle, 0);
  const proof = readProof(end > LONGEST_PROOF ? "" : await textOf(bundle.slice(0, end)));
  const note = readNote(proof.checkpoint);
  const checkpoint = note && readCheckpoint(note);
  if (!note || !checkpoint) throw new Unreadable("The checkpoint in it is no signed note of a log.");
  const given = brought.key?.trim() ? readKey(brought.key) : null;
  if (brought.key?.trim() && !given)
    throw new Unreadable("The key is not written as NAME+ID+KEY, or was altered.");
  const chain = await folded(proof.ledger_id, bundle.slice(end));
  const signer = await signerOf(
    note,
    checkpoint,
    given ? [given] : proof.keys.map(({ key }) => readKey(key)),
  );
  const checks = [
    checkFrames(proof, chain),
    checkPlace(proof, chain, checkpoint),
    checkSignature(signer, given),
  ];
  if (brought.checkpoint?.trim()) checks.push(checkGrowth(proof, checkpoint, readOlder(brought.checkpoint)));
  return {
    ledgerId: proof.ledger_id,
    runId: proof.run_id,
    frames: chain.seq,
    head: chain.headHex,
    signedBy: signer?.text ?? null,
    isKeyGiven: given !== null,
    witnesses: note.signatures.map(({ name }) => name).filter((name) => name !== checkpoint.origin),
    checkpoint,
    checks,
  };
}

/** A path through a log of any size is far shorter: what has no line's end by then is no bundle. */
const LONGEST_PROOF = 1 << 20;
const FORM = "assay.proof.v1";
const DIGEST = /^[0-9a-f]{64}$/;

async function textOf(part: Blob): Promise<string> {
  return new TextDecoder().decode(await part.arrayBuffer());
}

function readProof(line: string): Proof {
  let proof: Partial<Proof> | null = null;
  try {
    proof = JSON.parse(line);
  } catch {
    // Said below.
  }
  const hashes = [proof?.head, ...(proof?.path ?? []), ...(proof?.since?.path ?? [])];
  const isWhole =
    proof?.format === FORM &&
    typeof proof.ledger_id === "string" &&
    typeof proof.checkpoint === "string" &&
    Array.isArray(proof.keys) &&
    hashes.every((hash) => DIGEST.test(String(hash)));
  if (!isWhole) throw new Unreadable("This is no bundle: expected what `assay log prove RUN` prints.");
  return proof as Proof;
}

function checkFrames(proof: Proof, chain: Folded): Check {
  const holds = chain.seq === proof.frames && chain.headHex === proof.head;
  const detail =
    chain.seq !== proof.frames
      ? `There are ${chain.seq} frames, and the run has ${proof.frames}.`
      : holds
        ? `${chain.seq} frames lead to the head that the proof names.`
        : `${chain.seq} frames do not lead to the head that the proof names: one of them is not what was stored.`;
  return { name: "frames", holds, detail };
}

/** The end is made from the frames themselves, so that nothing the bundle says of them is believed. */
function checkPlace(proof: Proof, chain: Folded, { size, root }: Checkpoint): Check {
  const end = { format: "assay.end.v1", frames: chain.seq, head: chain.headHex, ledger_id: proof.ledger_id };
  const leaf = leafHash(utf8ToBytes(JSON.stringify(end)));
  const holds = verifyInclusion(proof.index, size, leaf, proof.path.map(hexToBytes), root);
  const detail = holds
    ? `This end is entry ${proof.index} of the ${size} in the log.`
    : `This end is not entry ${proof.index} of the log that was signed.`;
  return { name: "log", holds, detail };
}

async function signerOf(
  note: Note,
  { origin }: Checkpoint,
  keys: readonly (Key | null)[],
): Promise<Key | null> {
  for (const key of keys) {
    if (key && key.name === origin && (await isSignedBy(note, key))) return key;
  }
  return null;
}

function checkSignature(signer: Key | null, given: Key | null): Check {
  const detail = given
    ? signer
      ? "The key that you gave has signed the checkpoint."
      : "The key that you gave has not signed the checkpoint."
    : signer
      ? "A key that the bundle itself names has signed the checkpoint: compare it with one from elsewhere."
      : "None of the keys that the bundle names has signed the checkpoint.";
  return { name: "signature", holds: signer !== null, detail };
}

function readOlder(text: string): Checkpoint {
  const note = readNote(text.trimEnd().concat("\n"));
  const older = note && readCheckpoint(note);
  if (!older)
    throw new Unreadable(
      "The older checkpoint is no signed note: expected what `assay log checkpoint` prints.",
    );
  return older;
}

function checkGrowth(proof: Proof, checkpoint: Checkpoint, older: Checkpoint): Check {
  const [holds, detail] = growth(proof, checkpoint, older);
  return { name: "growth", holds, detail };
}

function growth(proof: Proof, checkpoint: Checkpoint, older: Checkpoint): [boolean, string] {
  if (older.origin !== checkpoint.origin) {
    return [false, `The older checkpoint is of the log ${older.origin}, this one of ${checkpoint.origin}.`];
  }
  if (older.size > checkpoint.size) {
    return [false, `The bundle is older than the checkpoint, which has ${older.size} entries: make it anew.`];
  }
  const isNoProofNeeded = older.size === 0 || older.size === checkpoint.size;
  const path = proof.since?.size === older.size ? proof.since.path : isNoProofNeeded ? [] : null;
  if (!path) {
    return [
      false,
      `The bundle does not say how the log grew from ${older.size} entries: make it with --since.`,
    ];
  }
  return verifyConsistency(older, checkpoint, path.map(hexToBytes))
    ? [true, `The log began with the ${older.size} entries of the older checkpoint.`]
    : [
        false,
        `The log does not begin with the ${older.size} entries of the older checkpoint: it was rewritten.`,
      ];
}
