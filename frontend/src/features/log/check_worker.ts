/** Checks a bundle beside the page, which stays free however long its record is. */
import { checkBundle, type Report, Unreadable } from "@/lib/tlog/bundle.ts";
import type { Digests } from "@/lib/tlog/line_digests.ts";
import { fold } from "@/lib/tlog/record.ts";

export interface Asked {
  bundle: Blob;
  key: string;
  checkpoint: string;
}

export type Outcome = { report: Report } | { reason: string };

export type Told = { fraction: number } | Outcome;

/** More would wait for the chain, which one worker alone can link. */
const MOST_WORKERS = 4;
/** So many parts each has before it, that none ever waits for the next. */
const PARTS_AHEAD = 2;

self.onmessage = async ({ data }: MessageEvent<Asked>) => {
  const { bundle, ...brought } = data;
  const workers = Array.from({ length: Math.min(MOST_WORKERS, navigator.hardwareConcurrency) }, spawn);
  const outcome = await outcomeOf(() =>
    checkBundle(bundle, brought, (ledger, frames) =>
      fold(ledger, frames, {
        digests: shared(workers),
        atOnce: workers.length * PARTS_AHEAD,
        onProgress: (fraction) => tell({ fraction }),
      }),
    ),
  );
  for (const { stop } of workers) stop();
  tell(outcome);
};

function tell(told: Told): void {
  self.postMessage(told);
}

async function outcomeOf(check: () => Promise<Report>): Promise<Outcome> {
  try {
    return { report: await check() };
  } catch (error) {
    if (error instanceof Unreadable) return { reason: error.message };
    // A file that was moved while it was read is none of the signature's.
    if (error instanceof DOMException && error.name === "NotReadableError") {
      return { reason: "The file cannot be read any more: it was moved or changed since it was chosen." };
    }
    return {
      reason:
        "This browser cannot check Ed25519 signatures here: take a newer one, over https or on this machine.",
    };
  }
}

interface Maker {
  digests: Digests;
  stop: () => void;
}

/** A worker answers in the order in which it is asked. */
function spawn(): Maker {
  const worker = new Worker(new URL("./digest_worker.ts", import.meta.url), { type: "module" });
  const waiting: { resolve: (digests: Uint8Array) => void; reject: (reason: unknown) => void }[] = [];
  worker.onmessage = ({ data }) => waiting.shift()?.resolve(data);
  worker.onerror = ({ message }) => waiting.shift()?.reject(new DOMException(message, "NotReadableError"));
  const digests: Digests = (part) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      worker.postMessage(part);
    });
  return { digests, stop: () => worker.terminate() };
}

/** Each part to the next worker. */
function shared(workers: readonly Maker[]): Digests {
  let next = 0;
  return (part) => {
    const worker = workers[next % workers.length];
    next += 1;
    return worker ? worker.digests(part) : Promise.reject(new Error("no worker"));
  };
}
