import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { open, servePages } from "@/testing/pages.tsx";
import {
  answer,
  CATALOG,
  problem,
  REPORT,
  RUN,
  refuse,
  server,
  take,
  takeFile,
  world,
} from "@/testing/server.ts";

servePages();

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
  await screen.findByText(/^CSV text/);
  await userEvent.click(await screen.findByRole("button", { name: /Start comparison/ }));
  await waitFor(() => expect(pages.history.location.pathname).toBe(`/compare/${RUN.run_id}`));
  pages.history.back();
  expect(await screen.findByRole("heading", { name: "Compare models" })).toBeTruthy();
});

test("a comparison cannot start without its series, and absent models cannot be chosen", async () => {
  server.use(
    answer("/model-selection/models", CATALOG),
    answer("/model-selection/runs", { items: [], next_cursor: null }),
  );
  open("/compare");
  expect((await screen.findByRole<HTMLInputElement>("checkbox", { name: /Naive/ })).checked).toBe(false);
  const recommended = screen.getByRole("button", { name: "Recommended" });
  expect(recommended.getAttribute("aria-pressed")).toBe("true");
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

test("a preset chooses models by one click, and the list shows which", async () => {
  server.use(answer("/model-selection/runs", { items: [], next_cursor: null }));
  open("/compare");
  await userEvent.click(await screen.findByRole("button", { name: "All" }));
  const naive = screen.getByRole<HTMLInputElement>("checkbox", { name: /Naive/ });
  expect(naive.checked).toBe(true);
  await userEvent.click(naive);
  expect(screen.getByRole("button", { name: "Recommended" }).getAttribute("aria-pressed")).toBe("true");
});

test.each([
  { path: "/compare", of: "comparison", recent: "/model-selection/runs" },
  { path: "/forecast", of: "forecast", recent: "/runs" },
] as const)("folds are drawn and the time is measured for a $of", async ({ path, of, recent }) => {
  const dates = ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"];
  const sketch = { name: "north", frequency: "monthly", rows: 4, dates, values: [1, 2, null, 4] };
  const asked: unknown[] = [];
  server.use(
    answer(recent, { items: [], next_cursor: null }),
    takeFile("/datasets/inspect", () => ({ ...REPORT, sketches: [sketch] })),
    take("/model-selection/preview", (sent) => {
      asked.push(sent);
      const { folds } = sent as { folds?: { n_splits: number } };
      const n_splits = folds?.n_splits ?? 1;
      return {
        candidates: [{ model_type: "naive", params: {} }],
        split: { strategy: "expanding", n_splits, min_train_size: 7, gap: 0, horizon: 12 },
        assumptions: [],
        series: [
          { name: "north", folds: [{ train_rows: 3, first_date: "2024-03-01", last_date: "2024-04-01" }] },
        ],
        estimate: { seconds: 42, measured: 1, unmeasured: [], series: 1, threads: 2 },
      };
    }),
  );
  open(path);
  await userEvent.upload(await screen.findByLabelText("File of series"), new File(["a"], "a.csv"));
  const figure = await screen.findByRole("figure", { name: "What models are judged on" });
  expect(
    within(figure).getByRole("img", { name: "north: 1 fold" }).querySelectorAll("[data-fold]"),
  ).toHaveLength(1);
  expect(within(figure).getByText(/1 fold of 12 months/)).toBeTruthy();
  expect(await screen.findByText("About 40 seconds, as measured just now on 1 series.")).toBeTruthy();
  await userEvent.click(within(figure).getByRole("button", { name: "One fold more" }));
  await waitFor(() => expect(asked.at(-1)).toMatchObject({ of, folds: { n_splits: 2 } }));
  expect(screen.getByLabelText<HTMLInputElement>("Folds").value).toBe("2");
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
  expect(screen.getByText(/Of the models that the data ask for, ARIMA is costly/)).toBeTruthy();
  await userEvent.click(screen.getByRole("checkbox", { name: /Naive/ }));
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
  const detail = "this is an image (PNG), which is not read";
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    takeFile("/datasets/inspect", ({ bytes }) =>
      bytes[0] === 0x89 ? problem(422, "TABLE_FOREIGN", detail) : REPORT,
    ),
  );
  open("/compare");
  const input = await screen.findByLabelText("File of series");
  await userEvent.upload(input, new File([Uint8Array.of(0x89)], "bad.csv"));
  expect(await screen.findAllByText(detail)).toHaveLength(1);
  expect(screen.getByText("The file cannot be read as it is.")).toBeTruthy();
  expect(screen.getByRole("button", { name: /Start comparison/ }).hasAttribute("disabled")).toBe(true);
  await userEvent.upload(input, new File(["date,value"], "good.csv"));
  await screen.findByText(/^CSV text/);
  expect(screen.queryByText(detail)).toBeNull();
  expect(screen.getByRole("button", { name: /Start comparison/ }).hasAttribute("disabled")).toBe(false);
});

test("what was refused at the import is said", async () => {
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    refuse("/datasets", problem(422, "STORE_FULL", "the disk is full")),
  );
  open("/compare");
  await userEvent.upload(await screen.findByLabelText("File of series"), new File(["a"], "a.csv"));
  await screen.findByText(/^CSV text/);
  await userEvent.click(screen.getByRole("button", { name: /Start comparison/ }));
  expect((await screen.findByRole("alert")).textContent).toContain("the disk is full");
});

test.each([
  ["latin1.csv", [..."series,date,value\nGr\u00F6\u00DFe,2026-01-01,1\r\n"]],
  ["utf16.csv", [..."\u00FF\u00FEd\u0000a\u0000"]],
  ["empty.csv", []],
  ["book.xlsx", [..."PK\u0003"]],
])("the bytes of %s are sent as they are, to be read and to be kept", async (name, text) => {
  const bytes = Uint8Array.from(text, (each) => each.charCodeAt(0));
  const sent: unknown[] = [];
  const see = (file: { bytes: Uint8Array; mediaType: string | null }) =>
    sent.push([file.bytes, file.mediaType]);
  server.use(
    answer("/model-selection/runs", { items: [], next_cursor: null }),
    takeFile("/datasets/inspect", (file) => {
      see(file);
      return REPORT;
    }),
    takeFile("/datasets", (file) => {
      see(file);
      return problem(422, "STORE_FULL", "the disk is full");
    }),
  );
  open("/compare");
  // As a browser has it that knows what is accepted.
  await userEvent.upload(await screen.findByLabelText("File of series"), new File([bytes], name));
  await screen.findByText(/^CSV text/);
  await userEvent.click(screen.getByRole("button", { name: /Start comparison/ }));
  await screen.findByRole("alert");
  const whole = [bytes, "application/octet-stream"];
  expect(sent).toEqual([whole, whole]);
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
    answer("/worlds/{world_id}/pairs", { items: [], next_cursor: "more" }),
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
