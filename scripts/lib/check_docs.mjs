// Holds the documents against the repository: relative links lead to files and headings, what looks like a path is
// one, and a name of the code is in the code. Prints what is not so, and fails then.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  encoding: "utf8",
  maxBuffer: 1 << 26,
});
const files = listed.split("\n").filter((file) => file && existsSync(file));
const folders = new Set(files.flatMap((file) => file.split("/").map((_, i, parts) => parts.slice(0, i).join("/"))));
const paths = [...files, ...folders];
const tops = new Set(files.map((file) => file.split("/")[0]));
const documents = files.filter((file) => file.endsWith(".md"));
// Of files too: a test may have its name from its file alone.
const names = new Set(
  files
    .filter((file) => !file.endsWith(".md") && statSync(file).size < 1_000_000)
    .flatMap((file) => `${file} ${readFileSync(file, "utf8")}`.match(/[A-Za-z_]\w*/g) ?? []),
);

let failed = false;
for (const document of documents) {
  const text = readFileSync(document, "utf8");
  // Names and paths of the changelog and of decisions were right when they were written.
  const isHistory = document === "CHANGELOG.md" || document.startsWith("docs/adr/");
  const fences = [...text.matchAll(/^ *```.*\n([\s\S]*?)^ *```/gm)].map((found) => found[1]);
  const prose = text.replace(/^ *```[\s\S]*?^ *```/gm, "");
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map((found) => found[1]);
  for (const link of prose.matchAll(/\]\(([^)\s]+)\)/g)) checkLink(document, link[1]);
  for (const word of [...spans, ...fences].flatMap((code) => code.split(/\s+/))) checkPath(document, word, isHistory);
  if (isHistory) continue;
  for (const name of spans.flatMap((code) => code.match(/(?<![-\w])[A-Za-z]\w*_\w+|\b(?:[A-Z][a-z0-9]+){2,}|\w+(?=::)|(?<=::)\w+/g) ?? []))
    if (!names.has(name)) complain(document, `no code has the name ${name}`);
}
process.exit(failed ? 1 : 0);

function checkLink(document, target) {
  if (/^[a-z]+:/.test(target)) return;
  const [path, heading] = target.split("#");
  const file = path ? normalize(join(dirname(document), path)) : document;
  if (!existsSync(file)) return complain(document, `the link ${target} leads nowhere`);
  if (!heading) return;
  const headings = [...readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm)].map((found) =>
    found[1].toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-"),
  );
  if (!headings.includes(heading)) complain(document, `the link ${target} leads to no heading`);
}

// A path may be written from the middle (`src/panel.rs` of a crate that is named before), and a word in capitals stands
// for any name. What git ignores is made by a command and may be absent.
function checkPath(document, word, isHistory) {
  const path = word.replace(/^\.\//, "").replace(/[.,:;)/]+$/, "");
  if (!/^[\w.@-]+(\/[\w.@-]+)*$/.test(path)) return;
  const isPath = tops.has(path.split("/")[0]) ? path.includes("/") : /^(src|tests)\//.test(path);
  const isFile = /^[\w.-]+\.(rs|tsx?|mjs|py|sh|md|toml|ya?ml|sha256)$/.test(path);
  if (!(isPath || isFile) || (isHistory && !existsSync(path.split("/").slice(0, 2).join("/")))) return;
  if (existsSync(path)) return;
  const pattern = path.replace(/[.]/g, "\\.").replace(/\b[A-Z]{3,}\b/g, "[^/]+");
  if (paths.some((known) => new RegExp(`(^|/)${pattern}$`).test(known))) return;
  if (spawnSync("git", ["check-ignore", "--quiet", path]).status === 0) return;
  complain(document, `there is no ${word}`);
}

function complain(document, what) {
  console.log(`${document}: ${what}`);
  failed = true;
}
