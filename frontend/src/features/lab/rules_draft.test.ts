import { expect, test } from "vitest";
import { SNAPSHOT } from "@/testing/lab.ts";
import { draftOf, rulesOf } from "./rules_draft.ts";

test("rules that are shown and not touched are the same rules", () => {
  const draft = draftOf(SNAPSHOT.content);
  expect(draft.payouts).toBe("100.00");
  const { rules, scoring, payouts } = SNAPSHOT.content;
  expect(rulesOf(draft)).toEqual({ rules, scoring, payouts });
});

test("a step that earns nothing is a zero, and places are in order", () => {
  const content = {
    ...SNAPSHOT.content,
    scoring: [{ win_index: 3, points_awarded: 150 }],
    payouts: [
      { position: 2, amount_cents: 50 },
      { position: 1, amount_cents: 16_550 },
    ],
  };
  expect(draftOf(content)).toMatchObject({ scoring: "0 0 150", payouts: "165.50 0.50" });
});

test.each(["", "ten", "1.005", "-1", "1,5"])("payouts of `%s` are not written yet", (payouts) => {
  expect(rulesOf({ ...draftOf(SNAPSHOT.content), payouts })).toBeNull();
});
