/** Starts the real program on a fresh data directory for all specs, and ends it after them. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    baseUrl: string;
  }
}

/** A debug build migrates and starts in well under this. */
const START_MS = 60_000;

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.ASSAY_URL;
  if (given) {
    project.provide("baseUrl", given.replace(/\/$/, ""));
    return async () => undefined;
  }
  const program = process.env.ASSAY_BIN;
  if (!program) throw new Error("name the program in ASSAY_BIN, or a running server in ASSAY_URL");
  const data = await mkdtemp(join(tmpdir(), "assay-e2e-"));
  const server = spawn(program, ["serve", "--bind", "127.0.0.1:0", "--data", data], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  project.provide("baseUrl", await addressOf(server));
  return async () => {
    await ended(server);
    await rm(data, { recursive: true, force: true });
  };
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const timer = setTimeout(
      () => reject(new Error(`no address within ${START_MS} ms; it said:\n${said}`)),
      START_MS,
    );
    const read = (chunk: Buffer) => {
      said += chunk.toString();
      const address = /listening on (http:\/\/[\d.:[\]]+)/.exec(said)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(address);
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`the server ended with ${code}:\n${said}`));
    });
  });
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve();
    server.once("exit", () => resolve());
    server.kill("SIGTERM");
  });
}
