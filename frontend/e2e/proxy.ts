/** A way to the server that can be cut and mended: what a user sees of a server that died and came back. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Way {
  url: string;
  cut: () => Promise<void>;
  mend: () => Promise<void>;
  close: () => Promise<void>;
}

/** One that is old lets no WebSocket through, as some proxies do. */
export async function wayTo(server: string, { isOld = false } = {}): Promise<Way> {
  const { hostname, port } = new URL(server);
  const open = new Set<Socket>();
  const proxy = createServer((viewer) => {
    const upstream = connect(Number(port), hostname);
    if (isOld) viewer.on("data", (said) => /^upgrade: websocket/im.test(said.toString()) && viewer.destroy());
    for (const [from, to] of [
      [viewer, upstream],
      [upstream, viewer],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (at: number) =>
    new Promise<number>((resolve) => {
      proxy.listen(at, "127.0.0.1", () => resolve((proxy.address() as AddressInfo).port));
    });
  const cut = () =>
    new Promise<void>((resolve) => {
      proxy.close(() => resolve());
      for (const socket of open) socket.destroy();
    });
  const at = await listen(0);
  return {
    url: `http://127.0.0.1:${at}`,
    cut,
    mend: async () => void (await listen(at)),
    close: async () => {
      if (proxy.listening) await cut();
    },
  };
}
