// Runs the protocol's suite and holds its result against exceptions.json: a test that fails is an exception named
// there with its reason, an exception that passes is one no more unless it is said to depend on timing, and no fewer
// pass than are stated.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const report = join(tmpdir(), `assay-stream-suite-${process.pid}.json`);
const vitest = ["--no-install", "vitest", "run", "suite.test.mjs", "--reporter=json", `--outputFile=${report}`];
spawnSync("npx", vitest, { cwd: import.meta.dirname, stdio: ["ignore", "ignore", "inherit"] });
const results = JSON.parse(readFileSync(report, "utf8")).testResults.flatMap((file) => file.assertionResults);

const { at_least: atLeast, exceptions } = JSON.parse(
  readFileSync(join(import.meta.dirname, "exceptions.json"), "utf8"),
);
const excepted = new Set(exceptions.map(({ test }) => test));
const timed = new Set(exceptions.filter(({ may_pass: mayPass }) => mayPass).map(({ test }) => test));
const named = (status) => results.filter((result) => result.status === status).map((result) => result.fullName);
const [passed, failed] = [named("passed"), named("failed")];
const wrong = [
  ...failed.filter((test) => !excepted.has(test)).map((test) => `failed and is no exception: ${test}`),
  ...passed.filter((test) => excepted.has(test) && !timed.has(test)).map((test) => `passed and is named an exception: ${test}`),
  ...[...excepted].filter((test) => !results.some((result) => result.fullName === test)).map((test) => `is no test: ${test}`),
];
if (passed.length < atLeast) wrong.push(`${passed.length} passed where at least ${atLeast} are stated`);
for (const { test, reason } of exceptions) console.log(`exception: ${test}: ${reason}`);
console.log(`Durable Streams: ${passed.length} passed, ${failed.length} failed, of ${results.length}`);
for (const line of wrong) console.error(line);
process.exit(wrong.length > 0 ? 1 : 0);
