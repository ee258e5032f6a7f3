// @vitest-environment node
import { existsSync, readFileSync } from "node:fs";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

const DOCUMENT = "../openapi/openapi.json";

test.runIf(existsSync(DOCUMENT))(
  "the generated client types are those of the checked-in contract",
  async () => {
    const fresh = astToString(await openapiTS(new URL(`file://${process.cwd()}/${DOCUMENT}`)));
    const kept = readFileSync("src/api/schema.d.ts", "utf8");
    expect(kept.replace(COMMENT_HEADER, "").trim(), "run `npm run api`").toBe(fresh.trim());
  },
);
