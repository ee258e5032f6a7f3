import { readFileSync } from "node:fs";

/** What a browser fetches before it shows anything: every script and style that the page names. */
const first = [
  ...readFileSync("dist/index.html", "utf8").matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g),
].map(([, path]) => `dist/${path}`);

export default [
  { name: "first load: what the page names", path: first, gzip: true, limit: "190 kB" },
  { name: "all scripts", path: "dist/assets/*.js", gzip: true, limit: "440 kB" },
];
