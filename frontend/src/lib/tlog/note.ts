/** Signed notes, keys and checkpoints, as the crate `tlog` reads them. */
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { isSame } from "./merkle.ts";

interface Signature {
  name: string;
  id: Uint8Array;
  bytes: Uint8Array;
}

export interface Note {
  text: string;
  signatures: Signature[];
}

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
}

/** A public key under its name. `kind` 1 signs notes, 4 is that of a witness. */
export interface Key {
  text: string;
  name: string;
  id: Uint8Array;
  kind: number;
  bytes: Uint8Array<ArrayBuffer>;
}

const DASH = "\u2014 ";

/** What stands behind the last empty line are signatures. */
export function readNote(text: string): Note | null {
  const at = text.lastIndexOf("\n\n");
  if (at < 0 || !text.endsWith("\n")) return null;
  const signatures = text
    .slice(at + 2, -1)
    .split("\n")
    .map(readSignature);
  const isWhole = signatures.every((signature) => signature !== null);
  return isWhole ? { text: text.slice(0, at + 1), signatures } : null;
}

function readSignature(line: string): Signature | null {
  const [name, base64] = line.startsWith(DASH) ? line.slice(DASH.length).split(" ") : [];
  const bytes = base64 ? fromBase64(base64) : null;
  return name && bytes && bytes.length > 4 ? { name, id: bytes.slice(0, 4), bytes: bytes.slice(4) } : null;
}

export function readCheckpoint(note: Note): Checkpoint | null {
  const [origin, size, base64] = note.text.split("\n");
  const root = base64 ? fromBase64(base64) : null;
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? "") || root?.length !== 32) return null;
  return { origin, size: Number(size), root };
}

export function readKey(text: string): Key | null {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/i.exec(text.trim()) ?? [];
  const bytes = base64 ? fromBase64(base64) : null;
  if (!name || !id || bytes?.length !== 33) return null;
  const found = sha256(concatBytes(utf8ToBytes(`${name}\n`), bytes)).slice(0, 4);
  const isTrue =
    Array.from(found, (byte) => byte.toString(16).padStart(2, "0")).join("") === id.toLowerCase();
  return isTrue ? { text: text.trim(), name, id: found, kind: bytes[0] ?? 0, bytes: bytes.slice(1) } : null;
}

/** Whether the key has signed the note. Rejects where the browser knows no Ed25519. */
export async function isSignedBy(note: Note, key: Key): Promise<boolean> {
  const ofKey = note.signatures.filter(({ name, id }) => name === key.name && isSame(id, key.id));
  const held = await Promise.all(ofKey.map(({ bytes }) => hasSigned(key, note.text, bytes)));
  return held.length > 0 && held.every(Boolean);
}

async function hasSigned(key: Key, text: string, signature: Uint8Array): Promise<boolean> {
  if (key.kind === 1) return hasMade(key, text, signature);
  if (key.kind !== 4 || signature.length !== 72) return false;
  const seconds = new DataView(signature.buffer, signature.byteOffset).getBigUint64(0);
  return hasMade(key, `cosignature/v1\ntime ${seconds}\n${text}`, signature.slice(8));
}

async function hasMade(key: Key, text: string, signature: Uint8Array): Promise<boolean> {
  const publicKey = await crypto.subtle.importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, publicKey, signature.slice(), utf8ToBytes(text).slice());
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
