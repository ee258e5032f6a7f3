import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { components } from "@/api/schema.d.ts";
import { type Brought, checkBundle, Unreadable } from "./bundle.ts";

/** Made by the program, and checked by it in `crates/server`. */
const FOLDER = "../openapi/log";
const BUNDLE = readFileSync(`${FOLDER}/bundle.ndjson`, "utf8");
const OLDER = readFileSync(`${FOLDER}/older.checkpoint`, "utf8");

function failed(report: Awaited<ReturnType<typeof checkBundle>>): string[] {
  return report.checks.filter(({ holds }) => !holds).map(({ name }) => name);
}

function checked(text: string, brought?: Brought) {
  return checkBundle(new Blob([text]), brought);
}

/** The bundle with its proof changed. */
function altered(change: (proof: components["schemas"]["log.Proof"]) => void): string {
  const [first = "", ...rest] = BUNDLE.split("\n");
  const proof = JSON.parse(first);
  change(proof);
  return [JSON.stringify(proof), ...rest].join("\n");
}

test("a bundle of the program holds, also against an older checkpoint and a given key", async () => {
  const report = await checked(BUNDLE);
  expect(failed(report)).toEqual([]);
  expect(report.checks.map(({ name }) => name)).toEqual(["frames", "log", "signature"]);
  expect(report.isKeyGiven).toBe(false);
  const given = await checked(BUNDLE, { key: report.signedBy ?? "", checkpoint: OLDER });
  expect(failed(given)).toEqual([]);
  expect([given.isKeyGiven, given.checks.length]).toEqual([true, 4]);
});

test("whatever is altered is found", async () => {
  const lines = BUNDLE.trimEnd().split("\n");
  const swapped = [lines[0], lines[2], lines[1], ...lines.slice(3)].join("\n");
  expect(failed(await checked(swapped))).toEqual(["frames", "log"]);
  expect(failed(await checked(lines.slice(0, -1).join("\n")))).toEqual(["frames", "log"]);
  expect(failed(await checked(`${BUNDLE}{}\n`))).toEqual(["frames", "log"]);
  const moved = altered((proof) => Object.assign(proof, { index: 0 }));
  expect(failed(await checked(moved))).toEqual(["log"]);
  const grown = altered((proof) => {
    proof.checkpoint = proof.checkpoint.replace("\n3\n", "\n4\n");
  });
  expect(failed(await checked(grown))).toContain("signature");
  const rewritten = OLDER.replace(/\n[A-Za-z0-9+/=]{44}\n/, `\n${"A".repeat(43)}=\n`);
  expect(failed(await checked(BUNDLE, { checkpoint: rewritten }))).toEqual(["growth"]);
  const without = altered((proof) => delete proof.since);
  expect(failed(await checked(without, { checkpoint: OLDER }))).toEqual(["growth"]);
  const other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  expect(failed(await checked(BUNDLE, { key: other }))).toEqual(["signature"]);
});

test("what is no bundle, key or checkpoint is said to be none", async () => {
  for (const text of [
    "",
    "{}",
    "[]",
    "null",
    "nothing",
    altered((proof) => Object.assign(proof, { path: ["x"] })),
  ]) {
    await expect(checked(text)).rejects.toThrow(Unreadable);
  }
  await expect(checked(BUNDLE, { key: "a+b+c" })).rejects.toThrow("The key is not");
  await expect(checked(BUNDLE, { checkpoint: "a" })).rejects.toThrow("The older checkpoint");
});
