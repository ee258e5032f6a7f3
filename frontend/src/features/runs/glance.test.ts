import { expect, test } from "vitest";
import { reduce } from "@/lib/frames/reduce.ts";
import { goldenFrames } from "@/testing/goldens.ts";
import { cameOut, happened, trust } from "./glance.ts";
import { viewOf } from "./view.ts";

function viewAfter(name: string, n?: number) {
  return viewOf(reduce(goldenFrames(name).slice(0, n)));
}

test("what happened is counted, and what failed is said", () => {
  expect(happened(viewAfter("comparison"))).toEqual({
    status: "completed",
    sentence: "2 attempts, 3 phases, 3 calls, 1 message, 1 warning.",
  });
  expect(happened(viewAfter("tools")).sentence).toMatch(/ calls \(\d failed\), 1 denial/);
  expect(happened(viewAfter("showcase")).sentence).toMatch(/ steps \(\d failed\)/);
  expect(happened(viewAfter("comparison", 0))).toEqual({ status: "pending", sentence: "Nothing yet." });
  expect(happened(viewAfter("comparison", 20)).status).toBe("running");
});

test("what came out is what the end says, an error too, and nothing before it", () => {
  expect(cameOut(viewAfter("comparison"), true)).toEqual({
    status: "completed",
    sentence: "ets wins. 2 artifacts.",
  });
  expect(cameOut(viewAfter("broken"), true).status).toBe("error");
  expect(cameOut(viewAfter("comparison", 20), false).sentence).toBe("Nothing final at this moment.");
  const said = (text: string) => {
    const view = viewAfter("comparison");
    return cameOut({ ...view, terminal: view.terminal && { ...view.terminal, text }, artifacts: [] }, true)
      .sentence;
  };
  expect(said("Undecided: ets leads by 1.5 %. Confidence low.")).toBe("Undecided: ets leads by 1.5 %.");
  expect(said("word ".repeat(200))).toMatch(/^(word )+word…$/);
});

test("a run is trusted for a reason, and not for another one", () => {
  expect(trust({ state: "verified", frames: 1284, head: "ab" }).sentence).toMatch(/^Yes: 1,284 frames/);
  expect(trust({ state: "removed", removed: 28, frames: 34 })).toMatchObject({ status: "warn" });
  expect(trust({ state: "removed", removed: 28, frames: 34 }).sentence).toMatch(
    /^28 of 34 frames were let go/,
  );
  expect(trust({ state: "failed", reason: "frame 3 is missing" })).toMatchObject({
    status: "fail",
    sentence: "No: frame 3 is missing.",
  });
  expect(trust({ state: "open", frames: 1 }).sentence).toMatch(/^Not yet/);
});
