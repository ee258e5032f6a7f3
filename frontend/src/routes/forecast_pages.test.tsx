import { screen, waitFor, within } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { FleetForecast, SeriesForecast } from "@/api/types.ts";
import type { Body } from "@/lib/frames/types.ts";
import { FORECAST, framesOf, RESULT, seriesForecast } from "@/testing/forecasts.ts";
import { open, servePages } from "@/testing/pages.tsx";
import { answer, frames, problem, RUN, refuse, runDetail, runPage, server, take } from "@/testing/server.ts";

// jsdom has no canvas to draw on; the legend, the summary and the table say what is drawn.
vi.mock("uplot", () => ({
  default: class {
    setSize() {}
    destroy() {}
  },
}));
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    disconnect() {}
  },
);

servePages();

const PATH = `/forecast/${RUN.run_id}`;
const RACE: Body[] = [
  { kind: "notice", level: "info", code: "ASSUMED", message: "Candidates: naive (the last value again)." },
  { kind: "phase.started", phase: "race", phase_index: 1, phase_total: 2 },
  { kind: "progress", phase: "race", fraction: 0.5, done: 3, total: 6 },
];
const END = (status: "completed" | "refused" | "cancelled"): Body => ({
  kind: "final",
  final: { status, response_text: null },
});

/** The run has said this, and the server knows that of it. */
function serve(said: Body[], forecast: FleetForecast, series: SeriesForecast[] = []) {
  const texts = framesOf(...said).map((frame) => JSON.stringify(frame));
  const parquet = {
    artifact_id: "01a1fd49-b5ce-721a-ac79-98f95931b555",
    run_id: RUN.run_id,
    name: "forecasts",
    media_type: "application/vnd.apache.parquet",
    size_bytes: 11_571,
    digest: "00",
    created_at: RUN.created_at,
  };
  server.use(
    // After a last frame nobody waits for the stream to be closed.
    frames(texts),
    answer("/runs/{run_id}", runDetail({ kind: "forecast", status: forecast.status, artifacts: [parquet] })),
    answer("/runs/{run_id}/verify", problem(503, "SHUTTING_DOWN", "going down"), 503),
    answer("/forecasts/{forecast_id}", forecast),
    answer("/forecasts/{forecast_id}/series", (request) => {
      // A page has one series, so that a cursor is its place.
      const at = Number(new URL(request.url).searchParams.get("cursor") ?? 0);
      const next_cursor = at + 1 < series.length ? String(at + 1) : null;
      return { items: series.slice(at, at + 1), next_cursor };
    }),
  );
}

const OPEN_FORECAST: FleetForecast = { ...FORECAST, status: "running", result: null, completed_at: null };

/** A server that takes a file and a forecast of it: what it was asked for. */
function takesForecasts(): unknown[] {
  const sent: unknown[] = [];
  const dataset = { dataset_id: FORECAST.dataset_id, name: "a.parquet", digest: "00" };
  server.use(
    take("/datasets", () => ({ ...dataset, size_bytes: 4, series_count: 1, point_count: 9 }), 201),
    take(
      "/forecasts",
      (body) => {
        sent.push(body);
        return { run_id: RUN.run_id, selection_id: RUN.run_id, status: "queued" };
      },
      202,
    ),
  );
  return sent;
}

test("a forecast starts from a file alone, and is followed on its own address", async () => {
  const sent = takesForecasts();
  serve(RACE, OPEN_FORECAST);
  const pages = open("/forecast");
  const button = await screen.findByRole<HTMLButtonElement>("button", { name: "Start forecast" });
  expect(button.disabled).toBe(true);
  expect(screen.getByText("Choose a file.")).toBeTruthy();
  await userEvent.upload(screen.getByLabelText("File of series"), new File(["PAR1"], "a.parquet"));
  await screen.findByText(/^CSV text/);
  await userEvent.click(button);
  await waitFor(() => expect(pages.state.location.pathname).toBe(PATH));
  expect(sent).toEqual([{ dataset_id: FORECAST.dataset_id, horizon: 12 }]);
});

test("an earlier forecast is taken as it decided", async () => {
  const sent = takesForecasts();
  serve(RACE, { ...FORECAST, result: RESULT });
  const pages = open(`/forecast?champion=${RUN.run_id}`);
  expect((await screen.findByRole("link", { name: "an earlier forecast" })).getAttribute("href")).toBe(PATH);
  expect(screen.queryByLabelText("Season")).toBeNull();
  await userEvent.upload(screen.getByLabelText("File of series"), new File(["PAR1"], "a.parquet"));
  await screen.findByText(/^CSV text/);
  await userEvent.click(screen.getByRole("button", { name: "Start forecast" }));
  await waitFor(() => expect(pages.state.location.pathname).toBe(PATH));
  expect(sent).toEqual([{ dataset_id: FORECAST.dataset_id, horizon: 12, champion: RUN.run_id }]);
});

test("an address that names no earlier decision says so and starts nothing", async () => {
  serve(RACE, OPEN_FORECAST);
  open(`/forecast?champion=${RUN.run_id}`);
  expect(await screen.findByText(/names no forecast that came to a decision/)).toBeTruthy();
  expect(screen.getByText("There is no decision to take.")).toBeTruthy();
});

test("a file that is refused says why and starts nothing, and a first visit says what will be here", async () => {
  server.use(
    answer("/runs", runPage([])),
    refuse(
      "/datasets/inspect",
      problem(422, "TABLE_WRONG_TYPE", "the column `value` has no numbers: `many`"),
    ),
  );
  open("/forecast");
  expect(await screen.findByText("None yet")).toBeTruthy();
  await userEvent.upload(screen.getByLabelText("File of series"), new File(["PAR1"], "bad.parquet"));
  expect((await screen.findByRole("alert")).textContent).toContain("the column value has no numbers: many");
  expect(screen.getByText("The file cannot be read as it is.")).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Start forecast" }).disabled).toBe(true);
});

test("while it runs, the page says how far it has come and what was assumed", async () => {
  serve(RACE, OPEN_FORECAST);
  open(PATH);
  expect(await screen.findByText("3 of 6 pieces of work")).toBeTruthy();
  expect(await screen.findByText("Candidates: Naive (the last value again).")).toBeTruthy();
  expect(screen.getByText("short").closest("li")?.textContent).toBe("short: 2 values are too few");
  expect(screen.getByRole("button", { name: "Cancel run" })).toBeTruthy();
  expect(screen.queryByTestId("statement")).toBeNull();
});

test("before the first frame it is said to wait", async () => {
  serve([], { ...OPEN_FORECAST, status: "queued" });
  open(PATH);
  expect(await screen.findByText(/^Queued: it begins/)).toBeTruthy();
});

test("the end states the answer, the first series, and how sure both are", async () => {
  serve([...RACE, END("completed")], FORECAST, [seriesForecast("north"), seriesForecast("south")]);
  open(PATH);
  const statement = await screen.findByTestId("statement");
  await waitFor(() => expect(statement.textContent).toContain("model, Naive, has a MASE of 0.800."));
  const file = within(statement).getByRole("link", { name: /Parquet/ });
  expect(file.getAttribute("href")).toMatch(/^\/api\/artifacts\/.*b555\/content$/);
  const figure = await screen.findByRole("figure", { name: "What comes next of north" });
  expect(within(figure).getByText("80 % interval")).toBeTruthy();
  await userEvent.click(within(figure).getByRole("button", { name: "Table" }));
  const rows = within(figure).getAllByRole("row");
  expect(rows[1]?.textContent).toContain("2025-10-01");
  expect(screen.getByText("Clearly the best on 5 folds: Naive.")).toBeTruthy();
  const standings = screen.getByRole("region", { name: "Standings" });
  expect(within(standings).getByText(/below 1 is better than repeating/)).toBeTruthy();
  const first = within(standings).getAllByRole("row")[1];
  expect(first?.textContent).toMatch(/^Weighted forecast.*0\.700 ± 0\.05012\.50 %100 %2$/);
  expect(screen.getByText("The 80 % intervals held 81.3 % of the folds' outcomes.")).toBeTruthy();
});

test("series are searched, loaded further and chosen, and the choice is in the address", async () => {
  serve([END("completed")], FORECAST, [seriesForecast("north"), seriesForecast("south")]);
  const pages = open(PATH);
  const find = await screen.findByLabelText("Find a series");
  expect(screen.getByText("1 of 2 are loaded")).toBeTruthy();
  await userEvent.type(find, "sou");
  expect(screen.getByText(/None of the loaded series has “sou”/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Load more series" }));
  await userEvent.click(await screen.findByRole("button", { name: /^south/ }));
  await screen.findByRole("figure", { name: "What comes next of south" });
  expect(pages.state.location.search).toMatchObject({ series: "south" });
});

test("a series that the address names is looked for on later pages", async () => {
  const names = ["north", "east", "south"];
  serve(
    [END("completed")],
    FORECAST,
    names.map((name) => seriesForecast(name)),
  );
  open(`${PATH}?series=south`);
  await screen.findByRole("figure", { name: "What comes next of south" });
});

test("a series that nobody has is said to be missing", async () => {
  serve([END("completed")], FORECAST, [seriesForecast("north"), seriesForecast("south")]);
  open(`${PATH}?series=west`);
  expect(await screen.findByText(/No series with a forecast is called “west”/)).toBeTruthy();
});

test("an answer without a forecast says so and what to do", async () => {
  const statement = "None of 1 series can be forecast by any candidate.";
  serve([END("refused")], {
    ...FORECAST,
    result: { ...RESULT, statement, series_forecast: 0, coverage: [] },
  });
  open(PATH);
  expect((await screen.findByTestId("statement")).textContent).toContain("Nothing could be forecast");
  expect(screen.getByText(statement)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Start another forecast" })).toBeTruthy();
  expect(screen.queryByRole("region", { name: "Standings" })).toBeNull();
});

const BROKEN: Body = {
  kind: "error",
  error: { code: "CANDIDATE_BROKEN", message: "ets broke off", source: "server", is_retryable: false },
};

test.each([
  ["cancelled", END("cancelled"), /It was cancelled before anything was forecast/],
  ["failed", BROKEN, /It failed before anything was forecast/],
] as const)("a %s forecast says that nothing came out, and leads on", async (status, end, sentence) => {
  serve([...RACE, end], { ...OPEN_FORECAST, status });
  open(PATH);
  expect(await screen.findByText(sentence)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Start another forecast" })).toBeTruthy();
});

test("an unknown forecast says so, and a forecast's record leads to its result", async () => {
  serve([], OPEN_FORECAST);
  server.use(answer("/forecasts/{forecast_id}", problem(404, "NOT_FOUND", "no such run"), 404));
  const pages = open(PATH);
  expect(await screen.findByText("There is no such forecast")).toBeTruthy();
  await pages.navigate({ to: "/runs/$runId", params: { runId: RUN.run_id } });
  const link = await screen.findByRole("link", { name: /^Result/ });
  expect(link.getAttribute("href")).toBe(PATH);
});
