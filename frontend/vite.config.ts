import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// Where `assay serve` listens by default; the development server forwards the API to it.
const SERVER = process.env.ASSAY_URL ?? "http://127.0.0.1:7878";

export default defineConfig({
  plugins: [react(), tailwindcss(), smallerCopies()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    proxy: { "/api": { target: SERVER, changeOrigin: true, headers: { origin: SERVER }, ws: true } },
  },
  build: { target: "es2023", sourcemap: false, chunkSizeWarningLimit: 400 },
});

/**
 * Lays copies in brotli and gzip, both at their strongest, beside each file that they make smaller: the server then
 * compresses nothing. A font is compressed already and stays alone.
 */
function smallerCopies(): Plugin {
  return {
    name: "smaller-copies",
    apply: "build",
    writeBundle({ dir = "dist" }) {
      for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        const bytes = readFileSync(path);
        const copies = { br: brotliCompressSync(bytes), gz: gzipSync(bytes, { level: 9 }) };
        for (const [end, copy] of Object.entries(copies)) {
          if (copy.length < 0.9 * bytes.length) writeFileSync(`${path}.${end}`, copy);
        }
      }
    },
  };
}
