import { expect, test } from "vitest";
import { safeHref } from "./href.ts";

test.each([
  ["https://example.com/rain", "https://example.com/rain"],
  ["/api/artifacts/1/content?conversation_id=c", "/api/artifacts/1/content?conversation_id=c"],
  ["javascript:alert(1)", null],
  [" javascript:alert(1)", null],
  ["data:text/html,x", null],
  ["http://", null],
  ["", null],
  [null, null],
])("of %j, %j may be followed", (url, href) => {
  expect(safeHref(url)).toBe(href);
});
