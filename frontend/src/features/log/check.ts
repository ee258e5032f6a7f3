/** Asks a worker of its own to check a bundle. */
import type { Asked, Outcome, Told } from "./check_worker.ts";

interface Watched {
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
}

/** How the bundle stands; without an answer once the signal is given. */
export function check(asked: Asked, { signal, onProgress }: Watched): Promise<Outcome> {
  const worker = new Worker(new URL("./check_worker.ts", import.meta.url), { type: "module" });
  signal.addEventListener("abort", () => worker.terminate(), { once: true });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Told>) => {
      if ("fraction" in data) return onProgress(data.fraction);
      worker.terminate();
      resolve(data);
    };
    worker.onerror = () => {
      worker.terminate();
      resolve({
        reason: "This browser runs no program beside the page, which a check needs: take a newer one.",
      });
    };
    worker.postMessage(asked);
  });
}
