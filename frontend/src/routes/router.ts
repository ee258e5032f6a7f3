import { createRouter } from "@tanstack/react-router";
import { PageFailure } from "@/app/failure.tsx";
import { accessRoute } from "./access.ts";
import { showcaseRoute } from "./demo.ts";
import {
  batchRoute,
  calcuttaRoute,
  candidateRoute,
  cohortRoute,
  coverageRoute,
  evaluationRoute,
  gameOutcomeRoute,
  importRoute,
  labRoute,
  liveRoute,
  marketShareRoute,
  modelsRoute,
  returnsRoute,
  simulationRoute,
  snapshotRoute,
  stateRoute,
  strategyRoute,
  syntheticRoute,
  tournamentRoute,
} from "./lab.ts";
import { checkRoute } from "./log.ts";
import { compareRoute, comparisonRoute, forecastRoute, startForecastRoute } from "./model_selection.ts";
import { indexRoute, rootRoute } from "./root.tsx";
import {
  artifactRoute,
  conversationRoute,
  diffRoute,
  filesRoute,
  opsRoute,
  retentionRoute,
  runRoute,
  runsRoute,
} from "./runs.ts";

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    indexRoute,
    startForecastRoute,
    forecastRoute,
    showcaseRoute,
    compareRoute,
    comparisonRoute,
    labRoute,
    importRoute,
    coverageRoute,
    modelsRoute,
    tournamentRoute,
    calcuttaRoute,
    snapshotRoute,
    stateRoute,
    returnsRoute,
    liveRoute,
    candidateRoute,
    gameOutcomeRoute,
    marketShareRoute,
    strategyRoute,
    simulationRoute,
    evaluationRoute,
    batchRoute,
    cohortRoute,
    syntheticRoute,
    runsRoute,
    runRoute,
    diffRoute,
    conversationRoute,
    artifactRoute,
    filesRoute,
    opsRoute,
    accessRoute,
    checkRoute,
    retentionRoute,
  ]),
  defaultPreload: "intent",
  // Of each page, so that one that fails leaves the shell around it, and with it the way to the others.
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
