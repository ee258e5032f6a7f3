import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { paced } from "./paced.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is asked for at once is done at once, and what follows is done once for all", () => {
  const work = vi.fn();
  const pace = paced(work, 100);
  pace.soon();
  expect(work).toHaveBeenCalledTimes(1);
  for (let each = 0; each < 50; each += 1) {
    pace.soon();
    vi.advanceTimersByTime(1);
  }
  expect(work).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(50);
  expect(work).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(2);
});

test("what is done at once is not done again for what was asked before", () => {
  const work = vi.fn();
  const pace = paced(work, 100);
  pace.soon();
  pace.soon();
  pace.now();
  vi.advanceTimersByTime(1_000);
  expect(work).toHaveBeenCalledTimes(2);
});
