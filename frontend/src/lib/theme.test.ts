import { readFileSync } from "node:fs";
import { beforeEach, expect, test, vi } from "vitest";
import { applyTheme, onThemeChange, storedTheme } from "./theme.ts";

beforeEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset.theme;
});

test("the system decides until the user does", () => {
  expect(storedTheme()).toBe("system");
  applyTheme("dark");
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(storedTheme()).toBe("dark");
  applyTheme("system");
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(storedTheme()).toBe("system");
});

test("an unknown stored word is the system's theme", () => {
  localStorage.setItem("assay.theme", "sepia");
  expect(storedTheme()).toBe("system");
});

test("listeners hear of a change until they leave", () => {
  const listener = vi.fn();
  const leave = onThemeChange(listener);
  applyTheme("light");
  leave();
  applyTheme("dark");
  expect(listener).toHaveBeenCalledTimes(1);
});

test("the script before the first paint reads the same key", () => {
  expect(readFileSync("public/theme.js", "utf8")).toContain('"assay.theme"');
});
