import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { open, servePages } from "@/testing/pages.tsx";
import {
  answer,
  CATALOG,
  frames,
  problem,
  RUN,
  refuse,
  refuseBytes,
  runDetail,
  runPage,
  server,
  take,
  world,
} from "@/testing/server.ts";

servePages();

test("runs are listed with their figures", async () => {
  open("/runs");
  const table = await screen.findByRole("table");
  const row = within(table)
    .getByRole("link", { name: /seed 42/ })
    .closest("tr");
  expect(row?.textContent).toContain("Succeeded");
  expect(row?.textContent).toContain("1,284");
  expect(row?.textContent).toContain("1.25 s");
});

test("a filter is part of the address and of the request", async () => {
  const asked: string[] = [];
  server.use(
    answer("/runs", (request) => {
      asked.push(new URL(request.url).search);
      return runPage([]);
    }),
  );
  const pages = open("/runs?status=failed");
  expect(await screen.findByText("No run matches")).toBeTruthy();
  expect(asked.at(0)).toContain("status=failed");
  await userEvent.selectOptions(screen.getByLabelText("Kind"), "showcase");
  await waitFor(() =>
    expect(pages.state.location.search).toMatchObject({ status: "failed", kind: "showcase" }),
  );
});

test("without runs the page says how to make one", async () => {
  server.use(answer("/runs", runPage([])));
  open("/runs");
  expect(await screen.findByRole("link", { name: "Run the showcase" })).toBeTruthy();
});

test("a refusal shows its code, its fields and the request to look for", async () => {
  const refusal = {
    type: "/errors/bad-cursor",
    code: "BAD_CURSOR",
    title: "Bad Cursor",
    detail: "the cursor belongs to another list",
    status: 400,
    request_id: "req-7",
    errors: [{ field: "cursor", message: "is of another list" }],
  };
  server.use(answer("/runs", refusal, 400));
  open("/runs?cursor=x");
  const alert = await screen.findByRole("alert");
  for (const text of ["BAD_CURSOR", "another list", "cursor", "req-7"])
    expect(alert.textContent).toContain(text);
  expect(within(alert).getByRole("button", { name: "Copy details" })).toBeTruthy();
});

test("the showcase says what it will do, and what to expect of a preset", async () => {
  open("/showcase");
  expect(await screen.findByText("3 steps in 2 phases", { exact: false })).toBeTruthy();
  expect(screen.getByText("Ask the server whether it is well.")).toBeTruthy();
  expect(screen.getByText(/may end red/)).toBeTruthy();
  expect(screen.getByRole("radio", { name: "Minimal" }).getAttribute("aria-checked")).toBe("true");
});

test("a showcase that was accepted is in the address, and is followed and stopped from there", async () => {
  const sent: unknown[] = [];
  server.use(
    take("/demo/runs", (body) => {
      sent.push(body);
      return { run_id: RUN.run_id, selection_id: RUN.run_id, status: "queued" };
    }),
    answer("/runs/{run_id}", runDetail({ status: "running", ended_at: null })),
    // What keeps the frames from coming, a browser learns over HTTP only.
    frames([], 1006),
    answer("/runs/{run_id}/replay/stream", problem(503, "SHUTTING_DOWN", "going down"), 503),
  );
  const pages = open("/showcase");
  await screen.findByRole("radio", { name: "Minimal" });
  await userEvent.click(screen.getByRole("button", { name: "Run showcase" }));
  await waitFor(() => expect(pages.state.location.search).toMatchObject({ run: RUN.run_id, seed: 42 }));
  expect(sent).toEqual([{ scenario: "demo_minimal", seed: 42, reset: false, skip_seed: false }]);
  expect(await screen.findByRole("button", { name: "Cancel run" })).toBeTruthy();
  expect((await screen.findByTestId("stream-note")).textContent).toContain("Asking again");
});

test("each showcase that was started is a place to go back to", async () => {
  const ids = [RUN.run_id, "01a1fd49-b5ce-721a-ac79-98f95931b333"];
  const started: string[] = [];
  server.use(
    take("/demo/runs", () => {
      const run_id = ids[started.length] ?? "";
      started.push(run_id);
      return { run_id, selection_id: run_id, status: "queued" };
    }),
    answer("/runs/{run_id}", (request) =>
      runDetail({ run_id: new URL(request.url).pathname.split("/").at(-1) ?? "" }),
    ),
  );
  const pages = open("/showcase");
  const shown = () => new URLSearchParams(pages.history.location.search).get("run");
  for (const id of ids) {
    await userEvent.click(await screen.findByRole("button", { name: "Run showcase" }));
    await waitFor(() => expect(shown()).toBe(id));
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Run showcase" }).hasAttribute("disabled")).toBe(false),
    );
  }
  pages.history.back();
  await waitFor(() => expect(shown()).toBe(ids[0]));
  pages.history.back();
  expect(await screen.findByText("The last one:")).toBeTruthy();
  expect([pages.history.location.pathname, shown()]).toEqual(["/showcase", null]);
});

test("a comparison that was started is a place to go back from", async () => {
  server.use(
    // Before the comparison of any id, whose place they stand in.
    answer("/model-selection/models", CATALOG),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    take("/datasets", () => ({ dataset_id: RUN.run_id })),
    take("/model-selection/runs", () => ({ selection_id: RUN.run_id })),
    answer("/model-selection/{selection_id}", problem(404, "NOT_FOUND", "gone"), 404),
    answer("/runs/{run_id}", problem(404, "NOT_FOUND", "gone"), 404),
    answer("/runs/{run_id}/replay/stream", problem(404, "NOT_FOUND", "gone"), 404),
  );
  const pages = open("/compare");
  await screen.findByRole("checkbox", { name: /Naive/ });
  await userEvent.upload(screen.getByLabelText("File of series"), new File(["{}"], "a.csv"));
  await userEvent.click(await screen.findByRole("button", { name: /Start comparison/ }));
  await waitFor(() => expect(pages.history.location.pathname).toBe(`/compare/${RUN.run_id}`));
  pages.history.back();
  expect(await screen.findByRole("heading", { name: "Compare models" })).toBeTruthy();
});

test("coming back while a showcase runs leads to it", async () => {
  const waiting = { ...RUN, status: "waiting" as const, waits_for: "children" as const, ended_at: null };
  server.use(answer("/runs", runPage([waiting])), answer("/runs/{run_id}", runDetail(waiting)));
  const pages = open("/showcase");
  await waitFor(() => expect(pages.state.location.search).toMatchObject({ run: RUN.run_id }));
  expect(await screen.findByText("Waiting for its runs")).toBeTruthy();
});

test("deleting the stored worlds is asked for once more", async () => {
  const sent: unknown[] = [];
  server.use(
    answer("/worlds", { items: [world(1, "One"), world(2, "Two")], next_cursor: null }),
    take(
      "/demo/runs",
      (body) => {
        sent.push(body);
        return problem(422, "VALIDATION_ERROR", "no");
      },
      422,
    ),
  );
  open("/showcase");
  await userEvent.click(await screen.findByRole("checkbox", { name: "Delete all stored worlds first" }));
  await userEvent.click(screen.getByRole("button", { name: "Run showcase" }));
  const dialog = await screen.findByRole("alertdialog", { name: "Delete all stored worlds?" });
  expect(dialog.textContent).toContain("2 stored worlds");
  expect(sent).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Delete and run" }));
  await waitFor(() => expect(sent).toEqual([expect.objectContaining({ reset: true, skip_seed: false })]));
});

test("a stored world is chosen by its title, and brings its scenario", async () => {
  const sent: unknown[] = [];
  server.use(
    answer("/worlds", { items: [world(1, "One"), world(2, "Two")], next_cursor: null }),
    take(
      "/demo/runs",
      (body) => {
        sent.push(body);
        return problem(409, "RUN_ALREADY_ACTIVE", `run ${RUN.run_id} is still active`);
      },
      409,
    ),
  );
  open("/showcase");
  await userEvent.click(await screen.findByRole("button", { name: "Use a stored world" }));
  const select = await screen.findByLabelText("World");
  expect(screen.getByRole("button", { name: "Run showcase" }).hasAttribute("disabled")).toBe(true);
  await userEvent.selectOptions(select, "Two");
  await waitFor(() =>
    expect(screen.getByRole("radio", { name: "Sparse" }).getAttribute("aria-checked")).toBe("true"),
  );
  await userEvent.click(screen.getByRole("button", { name: "Run showcase" }));
  const link = await screen.findByRole("link", { name: "Show the showcase that runs" });
  expect(link.getAttribute("href")).toContain(RUN.run_id);
  expect(sent).toEqual([
    { scenario: "sparse", seed: 42, reset: false, skip_seed: true, world_id: world(2, "Two").world_id },
  ]);
});

test("a seed that this page cannot send is refused with its bound, and one that it cannot hold is not shown wrong", async () => {
  server.use(
    answer("/runs/{run_id}", runDetail({ seed: 2 ** 63 - 1, title: "Showcase · seed 9223372036854775807" })),
  );
  open(`/showcase?run=${RUN.run_id}`);
  expect(await screen.findByRole("heading", { name: "Showcase · seed 9223372036854775807" })).toBeTruthy();
  const seed = await screen.findByLabelText("Seed");
  await userEvent.clear(seed);
  await userEvent.type(seed, "9007199254740992");
  expect(screen.getByText(/^A whole number from 0 to 9,007,199,254,740,991; larger/)).toBeTruthy();
  cleanup();
  open(`/runs/${RUN.run_id}`);
  expect(await screen.findByText("about 9.22e18")).toBeTruthy();
});

test("a seed that is no whole number keeps the showcase from starting", async () => {
  open("/showcase");
  const seed = await screen.findByLabelText("Seed");
  await userEvent.clear(seed);
  expect(screen.getByRole("button", { name: "Run showcase" }).hasAttribute("disabled")).toBe(true);
  expect(seed.getAttribute("aria-invalid")).toBe("true");
});

test("a comparison cannot start without its series, and absent models cannot be chosen", async () => {
  server.use(
    answer("/model-selection/models", CATALOG),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  expect((await screen.findByRole<HTMLInputElement>("checkbox", { name: /Naive/ })).checked).toBe(true);
  expect(screen.getByRole<HTMLInputElement>("checkbox", { name: /LightGBM/ }).disabled).toBe(true);
  expect(screen.getByText("Not built in; use Ses.")).toBeTruthy();
  expect(screen.getByText("Choose a file.")).toBeTruthy();
  expect(screen.getByRole("button", { name: /Start comparison/ }).hasAttribute("disabled")).toBe(true);
});

test("the groups of feature set 2 are offered where a chosen model reads features", async () => {
  const naive = CATALOG.models[0];
  if (!naive) throw new Error("the catalogue has a model");
  const ridge = {
    ...naive,
    model_type: "prophet_like",
    label: "Ridge",
    feature_aware: true,
    parameters: [{ name: "feature_groups", type: "words", options: ["calendar", "price_promo"] }],
  };
  server.use(
    answer("/model-selection/models", { ...CATALOG, models: [...CATALOG.models, ridge] }),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  const choice = await screen.findByRole("checkbox", { name: /Ridge/ });
  expect(screen.queryByText("Advanced: features")).toBeNull();
  await userEvent.click(choice);
  await userEvent.click(screen.getByText("Advanced: features"));
  expect(screen.queryByRole("checkbox", { name: /price promo/i })).toBeNull();
  await userEvent.selectOptions(screen.getByLabelText("Feature set"), "2");
  const group = screen.getByRole<HTMLInputElement>("checkbox", { name: /price promo/i });
  await userEvent.click(group);
  expect(group.checked).toBe(true);
});

test("racing says which of the chosen models it could stop", async () => {
  const [naive] = CATALOG.models;
  if (!naive) throw new Error("the catalogue has a model");
  const forest = { ...naive, model_type: "random_forest", label: "Random Forest", costly: true };
  server.use(
    answer("/model-selection/models", { ...CATALOG, models: [...CATALOG.models, forest] }),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  const racing = await screen.findByRole<HTMLInputElement>("checkbox", { name: /^Racing/ });
  expect(screen.getByText(/None of the chosen models is costly/)).toBeTruthy();
  await userEvent.click(screen.getByRole("checkbox", { name: /Random Forest/ }));
  expect(screen.getByText(/Costly and chosen: Random Forest/)).toBeTruthy();
  await userEvent.click(racing);
  expect(racing.checked).toBe(true);
});

test("a draft is there again after leaving, and its choices even after a reload", async () => {
  server.use(answer("/model-selection/runs", { items: [], next_cursor: null }));
  const pages = open("/compare");
  const file = new File(["PAR1"], "sales.parquet");
  await userEvent.upload(await screen.findByLabelText("File of series"), file);
  const horizon = () => screen.findByLabelText<HTMLInputElement>("Horizon");
  await userEvent.clear(await horizon());
  await userEvent.type(await horizon(), "7");
  await pages.navigate({ to: "/runs" });
  await screen.findByRole("table");
  await pages.navigate({ to: "/compare" });
  expect((await horizon()).value).toBe("7");
  expect(screen.getByText("sales.parquet")).toBeTruthy();
  cleanup();
  open("/compare");
  expect((await horizon()).value).toBe("7");
  // Bytes are not kept in a tab's storage.
  expect(screen.getByText("Choose a file.")).toBeTruthy();
});

test("what was refused of one file is not said of the next, and is said once", async () => {
  const detail = "row 3: many is not a number";
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    refuse("/datasets", problem(422, "VALIDATION_ERROR", detail)),
  );
  open("/compare");
  const input = await screen.findByLabelText("File of series");
  await userEvent.upload(input, new File(["PAR1"], "bad.parquet"));
  await screen.findByRole("checkbox", { name: /Naive/ });
  await userEvent.click(screen.getByRole("button", { name: /Start comparison/ }));
  expect(await screen.findAllByText(detail)).toHaveLength(1);
  await userEvent.upload(input, new File(["PAR1"], "good.parquet"));
  await screen.findByText("good.parquet");
  expect(screen.queryByText(detail)).toBeNull();
});

test.each([
  ["latin1.csv", "text/csv", [..."series,date,value\nGr\u00F6\u00DFe,2026-01-01,1\r\n"]],
  ["bom.csv", "text/csv", [..."\u00EF\u00BB\u00BFdate,value\r\n2026-01-01,1\r\n"]],
  ["utf16.csv", "text/csv", [..."\u00FF\u00FEd\u0000a\u0000"]],
  ["empty.csv", "text/csv", []],
  ["book.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", [..."PK\u0003"]],
])(
  "the bytes of %s are sent as they are, and what the server says of them is shown",
  async (name, type, text) => {
    const bytes = Uint8Array.from(text, (each) => each.charCodeAt(0));
    const sent: unknown[] = [];
    server.use(
      answer("/model-selection/runs", { items: [], next_cursor: null }),
      refuseBytes("/datasets", problem(422, "CSV_ENCODING", "line 2 is not UTF-8 text"), (...each) =>
        sent.push(each),
      ),
    );
    open("/compare");
    await userEvent.upload(await screen.findByLabelText("File of series"), new File([bytes], name), {
      applyAccept: false,
    });
    await screen.findByRole("checkbox", { name: /Naive/ });
    await userEvent.click(await screen.findByRole("button", { name: /Start comparison/ }));
    expect((await screen.findByRole("alert")).textContent).toContain("line 2 is not UTF-8 text");
    expect(sent).toEqual([[bytes, type]]);
  },
);

test("an unknown address has a page of its own", async () => {
  open("/nowhere");
  expect(await screen.findByText("There is no such page")).toBeTruthy();
});

test("an unknown run says so", async () => {
  const unknown = problem(404, "NOT_FOUND", "no such run");
  server.use(answer("/runs/{run_id}", unknown, 404));
  open(`/runs/${RUN.run_id}`);
  expect((await screen.findAllByText("no such run")).length).toBeGreaterThan(0);
});

test.each([
  ["/runs/xyz", "run"],
  ["/compare/xyz", "comparison"],
  ["/showcase?run=xyz", "run"],
])("a mistyped id in %s is an unknown one, within the shell", async (path, what) => {
  const refusal = problem(422, "VALIDATION_ERROR", "xyz is not an id");
  server.use(
    answer("/runs/{run_id}", refusal, 422),
    answer("/model-selection/{selection_id}", refusal, 422),
    answer("/runs/{run_id}/replay/stream", refusal, 422),
    frames([], 1006),
  );
  open(path);
  expect(await screen.findByRole("heading", { name: `There is no such ${what}` })).toBeTruthy();
  expect(screen.getAllByText("xyz is not an id")).toHaveLength(1);
  expect(screen.getByRole("navigation", { name: "Main" })).toBeTruthy();
});

test("a page that fails leaves the navigation, and another page can be gone to", async () => {
  server.use(answer("/demo/scenarios", { not: "a list" }));
  open("/showcase");
  expect(await screen.findByRole("heading", { name: "This page could not be shown" })).toBeTruthy();
  const main = screen.getByRole("navigation", { name: "Main" });
  await userEvent.click(within(main).getByRole("link", { name: "Runs" }));
  expect(await screen.findByRole("heading", { name: "Runs" })).toBeTruthy();
});

test("a run that has ended offers no cancel, and one that runs asks before it is cancelled", async () => {
  server.use(answer("/runs/{run_id}", runDetail()));
  open(`/runs/${RUN.run_id}`);
  await screen.findByRole("heading", { name: /seed 42/ });
  expect(screen.queryByRole("button", { name: "Cancel run" })).toBeNull();
  cleanup();
  server.use(answer("/runs/{run_id}", runDetail({ status: "running", ended_at: null })));
  open(`/runs/${RUN.run_id}`);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel run" }));
  expect(await screen.findByRole("alertdialog", { name: "Cancel this run?" })).toBeTruthy();
});

test("a run that waits for a person is answered on its page", async () => {
  const question = {
    name: "promote",
    title: "Promote the champion?",
    detail: "It replaces naive.",
    asked_at: "2026-01-01T00:00:00Z",
    expires_at: null,
    decision: null,
    reason: null,
  };
  const waiting = runDetail({
    status: "waiting",
    waits_for: "decision",
    ended_at: null,
    questions: [question],
    parent_run_id: "01a1fd49-b5ce-721a-ac79-98f95931b000",
  });
  const sent: unknown[] = [];
  server.use(
    answer("/runs/{run_id}", () => (sent.length > 0 ? runDetail({ status: "running" }) : waiting)),
    take("/runs/{run_id}/decisions", (body) => {
      sent.push(body);
      return runDetail({ status: "running" });
    }),
  );
  open(`/runs/${RUN.run_id}`);
  const region = await screen.findByRole("region", { name: "Question: Promote the champion?" });
  expect(screen.getByText("Waiting for a decision")).toBeTruthy();
  expect(screen.getByRole("link", { name: "…5931b000" }).getAttribute("href")).toContain("98f95931b000");
  await userEvent.type(within(region).getByLabelText("Reason (optional)"), "it is better");
  await userEvent.click(within(region).getByRole("button", { name: "Approve" }));
  await waitFor(() =>
    expect(sent).toEqual([{ name: "promote", decision: "approved", reason: "it is better" }]),
  );
  await waitFor(() => expect(screen.queryByRole("region", { name: /^Question/ })).toBeNull());
});

test("a run leads to those it started, and the server's check is shown part by part", async () => {
  const child = { ...RUN, run_id: "01a1fd49-b5ce-721a-ac79-98f95931b111", title: "Training naive" };
  const asked: string[] = [];
  server.use(
    answer("/runs", (request) => {
      asked.push(new URL(request.url).search);
      return runPage(request.url.includes("parent_run_id") ? [child] : [RUN]);
    }),
    answer("/runs/{run_id}", runDetail({ is_dead_letter: true, status: "failed" })),
    answer("/runs/{run_id}/verify", {
      run_id: RUN.run_id,
      verified: false,
      frames: 12,
      pruned: 0,
      head: "00",
      is_closed: true,
      first_bad_seq: null,
      reason: null,
      parts: [
        { part: "frames", verified: true, checked: 12, problems: [], not_covered: ["its `priority`"] },
        { part: "artifacts", verified: false, checked: 1, problems: ["metrics.json has other bytes"] },
      ],
    }),
  );
  open(`/runs/${RUN.run_id}`);
  expect(await screen.findByRole("link", { name: "Training naive" })).toBeTruthy();
  expect(asked.some((search) => search.includes(`parent_run_id=${RUN.run_id}`))).toBe(true);
  expect(screen.getByText("Dead letter")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Check now" }));
  const check = await screen.findByTestId("server-check");
  expect(check.querySelector('[data-part="frames"]')?.textContent).toContain("12 checked");
  expect(check.querySelector('[data-part="frames"]')?.textContent).toContain("Not coveredits priority");
  expect(check.querySelector('[data-part="artifacts"]')?.textContent).toContain("other bytes");
});

test("runs that cannot be read are said, and waiting ones say for what", async () => {
  const damaged = [{ id: "01a1fd49-b5ce-721a-ac79-98f95931b222", reason: "its state is `?`" }];
  const waiting = { ...RUN, status: "waiting" as const, waits_for: "time" as const };
  server.use(answer("/runs", { ...runPage([waiting]), damaged }));
  open("/runs");
  const alert = await screen.findByRole("alert");
  for (const text of ["1 run cannot be read", "98f95931b222", "its state is"])
    expect(alert.textContent).toContain(text);
  expect(screen.getByText("Waiting for its time")).toBeTruthy();
  const options = within(screen.getByLabelText("Status")).getAllByRole("option");
  expect(options.map((option) => option.textContent)).toContain("Waiting");
});

test("a store and a product are those of one world, which is asked for only where there are several", async () => {
  const asked: string[] = [];
  const page = (items: { id: number; world_id: string; name: string; code: string; sku: string }[]) => ({
    items,
    next_cursor: null,
  });
  const [one, two] = [world(1, "One"), world(2, "Two")];
  const row = (id: string) => ({ id: 1, world_id: id, name: "First", code: "S1", sku: "P1" });
  const seen = (request: Request) => {
    const id = new URL(request.url).searchParams.get("world_id") ?? "";
    asked.push(id);
    return page([row(id)]);
  };
  server.use(
    answer("/worlds", { items: [one, two], next_cursor: null }),
    answer("/dimensions/stores", seen),
    answer("/dimensions/products", seen),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  await userEvent.click(await screen.findByRole("button", { name: "Stored store × product" }));
  const select = await screen.findByLabelText("World");
  expect(screen.queryByLabelText("Store")).toBeNull();
  await userEvent.selectOptions(select, "Two");
  expect(await screen.findByRole("option", { name: "S1 · First" })).toBeTruthy();
  expect(new Set(asked)).toEqual(new Set([two.world_id]));
  cleanup();
  server.use(answer("/worlds", { items: [one], next_cursor: null }));
  open("/compare");
  await userEvent.click(await screen.findByRole("button", { name: "Stored store × product" }));
  expect(await screen.findByRole("option", { name: "P1 · First" })).toBeTruthy();
  expect(screen.queryByLabelText("World")).toBeNull();
  expect(asked.at(-1)).toBe(one.world_id);
});

test("the palette opens by key and goes where it is told", async () => {
  const pages = open("/showcase");
  await screen.findByRole("heading", { name: "Showcase" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox"), "runs");
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(pages.state.location.pathname).toBe("/runs"));
});
