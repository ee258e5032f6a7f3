import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ConversationReplay } from "@/api/types.ts";
import { framesOf } from "@/testing/forecasts.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, RUN, refuse, runPage, server, take } from "@/testing/server.ts";

servePages();

const ID = RUN.conversation_id;
const PATH = `/conversations/${ID}`;
const LATER = { ...RUN, run_id: "01a1fd49-b5ce-721a-ac79-98f95931b222", title: "A later run" };

function said(run_id: string, ...texts: string[]): ConversationReplay["items"] {
  const notices = texts.map((message) => ({ kind: "notice", level: "info", code: "CODE", message }) as const);
  return framesOf(...notices).map((frame) => ({ run_id, seq: frame.event_id, frame: frame as never }));
}

const CUT = {
  number: 1,
  run_id: RUN.run_id,
  seq: 2,
  through_run_id: LATER.run_id,
  runs: 1,
  frames: 2,
  cut_at: "2026-01-02T00:00:00Z",
  cut_by: null,
};
const ITEMS = [...said(RUN.run_id, "first", "second"), ...said(LATER.run_id, "third", "fourth")];

function serveConversation(items: ConversationReplay["items"], change: Partial<ConversationReplay> = {}) {
  server.use(
    answer("/conversations/{conversation_id}", {
      conversation_id: ID,
      title: "About the rain",
      created_at: RUN.created_at,
    }),
    answer("/runs", runPage([LATER, RUN])),
    answer("/conversations/{conversation_id}/replay/events", {
      conversation_id: ID,
      items,
      open_run_ids: [],
      next_cursor: null,
      ...change,
    }),
  );
}

test("a conversation is one transcript, run after run, each between its borders", async () => {
  serveConversation(ITEMS);
  open(PATH);
  expect(await screen.findByRole("heading", { name: "About the rain" })).toBeTruthy();
  const segments = await screen.findAllByTestId("segment");
  expect(segments.map((each) => within(each).getByRole("heading").textContent)).toEqual([
    RUN.title,
    "A later run",
  ]);
  expect(segments[0]?.textContent).toContain("second");
  expect(segments[1]?.textContent).toContain("fourth");
  expect(screen.getByTestId("position").textContent).toBe("4 / 4");
});

test("at a moment nothing of later frames and later runs is shown, and the address names it", async () => {
  serveConversation(ITEMS);
  const pages = open(`${PATH}?seq=3`);
  expect(await screen.findByText("third")).toBeTruthy();
  expect(screen.queryByText("fourth")).toBeNull();
  fireEvent.change(screen.getByRole("slider"), { target: { value: "1" } });
  expect(screen.getAllByTestId("segment")).toHaveLength(1);
  expect(screen.queryByText("second")).toBeNull();
  await waitFor(() => expect(pages.state.location.search).toEqual({ seq: 1 }));
  await userEvent.click(screen.getByRole("button", { name: "Next run" }));
  expect(screen.getByTestId("position").textContent).toBe("3 / 4");
});

test("a cut is asked for before it is made, names what it leaves out, and is shown where it stands", async () => {
  serveConversation(ITEMS);
  const sent: unknown[] = [];
  server.use(
    take(
      "/conversations/{conversation_id}/truncate",
      (body) => {
        sent.push(body);
        serveConversation([...said(RUN.run_id, "first", "second"), { run_id: RUN.run_id, seq: 2, cut: CUT }]);
        return CUT;
      },
      201,
    ),
  );
  open(`${PATH}?seq=2`);
  await userEvent.click(await screen.findByRole("button", { name: "Cut here…" }));
  const dialog = await screen.findByRole("alertdialog");
  expect(dialog.textContent).toContain(`behind frame 2 of “${RUN.title}”`);
  expect(dialog.textContent).toContain("2 frames");
  expect(sent).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Cut it" }));
  const mark = await screen.findByTestId("cut");
  expect(sent).toEqual([{ run_id: RUN.run_id, seq: 2 }]);
  expect(mark.textContent).toContain("2 frames of 1 run are left out here");
  expect(screen.queryByText("A later run")).toBeNull();
});

test("behind the last frame there is nothing to cut, and a refused cut says why", async () => {
  serveConversation(ITEMS);
  open(PATH);
  const button = await screen.findByRole("button", { name: "Cut here…" });
  expect(button.hasAttribute("disabled")).toBe(true);
  server.use(
    refuse("/conversations/{conversation_id}/truncate", problem(409, "CUT_LEFT_OUT", "it was cut before")),
  );
  fireEvent.change(screen.getByRole("slider"), { target: { value: "2" } });
  await userEvent.click(button);
  await userEvent.click(await screen.findByRole("button", { name: "Cut it" }));
  expect(await screen.findByText("it was cut before")).toBeTruthy();
});

test("a run that goes on is followed as on its own page", async () => {
  const [live] = framesOf({ kind: "notice", level: "info", code: "L", message: "said live" });
  serveConversation(said(RUN.run_id, "first"), { open_run_ids: [RUN.run_id] });
  server.use(frames([JSON.stringify(live)]));
  open(PATH);
  expect(await screen.findByText("said live")).toBeTruthy();
});

test("an empty conversation teaches, and an unknown one says so", async () => {
  serveConversation([]);
  open(PATH);
  expect(await screen.findByText("Nothing was said yet")).toBeTruthy();
  server.use(
    answer("/conversations/{conversation_id}", problem(404, "NOT_FOUND", "no such conversation"), 404),
    answer("/conversations/{conversation_id}/replay/events", problem(404, "NOT_FOUND", "none"), 404),
  );
  open("/conversations/01a1fd49-b5ce-721a-ac79-98f95931bfff");
  expect(await screen.findByRole("heading", { name: "There is no such conversation" })).toBeTruthy();
});
