import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/**
 * Lower layers first; a folder imports from its own and from lower ones. The types generated from the contract are below
 * all of them: `lib` names frames with them.
 */
const LAYERS: Record<string, number> = { lib: 0, api: 1, ui: 2, features: 3, app: 4, routes: 4 };
const CONTRACT = "api/schema.d.ts";

const files = (readdirSync("src", { recursive: true }) as string[])
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"))
  .map((file) => ({ file, text: readFileSync(join("src", file), "utf8") }));

function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)]
    .map(([, path]) => path ?? "")
    .flatMap((path) => {
      if (path.startsWith("@/")) return [path.slice(2)];
      return path.startsWith(".") ? [join(file, "..", path)] : [];
    });
}

const edges = files.flatMap(({ file, text }) => importsOf(file, text).map((path) => ({ file, path })));

test("a folder imports from its own layer or a lower one", () => {
  const wrong = edges.filter(({ file, path }) => {
    const from = LAYERS[file.split("/")[0] ?? ""];
    const to = LAYERS[path.split("/")[0] ?? ""];
    return from !== undefined && to !== undefined && to > from && path !== CONTRACT;
  });
  expect(wrong).toEqual([]);
});

test("no feature imports another one but runs", () => {
  const featureOf = (path: string) => /^features\/([^/]+)\//.exec(path)?.[1];
  const wrong = edges.filter(({ file, path }) => {
    const [from, to] = [featureOf(file), featureOf(path)];
    return from && to && from !== to && to !== "runs";
  });
  expect(wrong).toEqual([]);
});

test("colours come from tokens", () => {
  const raw = /#[0-9a-f]{3,8}\b(?![-\w])|\b(?:rgba?|hsla?|oklch)\(/i;
  const wrong = files
    .filter(({ file }) => file.endsWith(".tsx") && !file.endsWith(".test.tsx"))
    .filter(({ text }) => raw.test(text.replace(/href="#\w+"/g, "")))
    .map(({ file }) => file);
  expect(wrong).toEqual([]);
});

test("a file tells one story", () => {
  const long = files
    .filter(({ file }) => !/\.test\./.test(file))
    .map(({ file, text }) => ({ file, lines: text.split("\n").length }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});
