import { cleanup, screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test } from "vitest";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, CATALOG, problem, RUN, refuse, refuseBytes, server, take, world } from "@/testing/server.ts";

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
  expect(screen.getByText("what the data ask for")).toBeTruthy();
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
