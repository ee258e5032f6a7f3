import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { GameOutcomeModel, GameOutcomeResult, LabRun, ScoringRule } from "@/api/lab.ts";
import { plural, words } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Answered } from "./answered.tsx";
import { teamLabel } from "./bracket.ts";
import { ChoiceField, theOnly } from "./choice_field.tsx";
import { chance, points } from "./figures.ts";
import { LabFrame, type Moment } from "./lab_frame.tsx";
import { calcuttasQuery, gameOutcomeQuery, snapshotQuery } from "./queries.ts";
import { expectedPoints } from "./reach.ts";
import { useTeams } from "./teams.ts";

interface Props extends Moment {
  runId: string;
  /** The auction whose points count; `null`: nobody has chosen one. */
  calcutta: string | null;
  onCalcutta: (calcuttaId: string | undefined) => void;
}

/** How far each team comes, by one model from one state of play. */
export function GameOutcomePage({ runId, calcutta, onCalcutta, seq, onSeq }: Props) {
  const outcome = useQuery(gameOutcomeQuery(runId));
  return (
    <Answered query={outcome} label="Loading the run" page="run">
      {({ run, model, result }) => (
        <LabFrame
          item={run}
          hasResult={result != null}
          seq={seq}
          onSeq={onSeq}
          actions={<TournamentLink run={run} />}
        >
          <p className="text-sm text-ink-2">{modelText(model)}</p>
          {result ? <Reach {...{ run, result, calcutta, onCalcutta }} /> : null}
        </LabFrame>
      )}
    </Answered>
  );
}

function TournamentLink({ run }: { run: LabRun }) {
  const { tournament_id } = run.lineage;
  if (!tournament_id) return null;
  return (
    <Link
      to="/lab/tournaments/$tournamentId"
      params={{ tournamentId: tournament_id }}
      className={buttonClass("plain", "sm")}
    >
      Tournament
    </Link>
  );
}

/** `Logistic, scale 10`: the model with its parameters. */
function modelText({ kind, ...params }: GameOutcomeModel): string {
  const stated = Object.entries(params).map(([key, value]) =>
    Array.isArray(value) ? plural(value.length, key.replace(/s$/, "")) : `${key} ${String(value)}`,
  );
  return `Model: ${[words(kind), ...stated].join(", ")}.`;
}

function Reach(props: Pick<Props, "calcutta" | "onCalcutta"> & { run: LabRun; result: GameOutcomeResult }) {
  const { run, result, calcutta, onCalcutta } = props;
  const { tournament_id } = run.lineage;
  const calcuttas = useQuery({ ...calcuttasQuery(tournament_id ?? ""), enabled: Boolean(tournament_id) });
  const items = calcuttas.data?.items ?? [];
  const options = items.map(({ calcutta_id, name }) => ({ value: calcutta_id, label: name }));
  const chosen = calcutta ?? theOnly(options);
  const snapshotId = items.find(({ calcutta_id }) => calcutta_id === chosen)?.snapshot_id;
  const snapshot = useQuery({ ...snapshotQuery(snapshotId ?? ""), enabled: snapshotId !== undefined });
  return (
    <div className="grid gap-3">
      {options.length > 0 ? (
        <div className="max-w-80">
          <ChoiceField
            label="Points by the rules of"
            value={chosen}
            options={options}
            onChange={(id) => onCalcutta(id ?? undefined)}
          />
        </div>
      ) : null}
      <ReachTable run={run} result={result} scoring={snapshot.data?.content.scoring ?? null} />
    </div>
  );
}

type TeamReach = GameOutcomeResult["teams"][number];

function ReachTable(props: {
  run: LabRun;
  result: GameOutcomeResult;
  scoring: readonly ScoringRule[] | null;
}) {
  const { run, result, scoring } = props;
  const teams = useTeams(run.lineage.tournament_id);
  const worth = ({ p_progress }: TeamReach) => (scoring ? expectedPoints(p_progress, scoring) : null);
  const rounds = result.rounds.map((name, round) => ({
    key: `p_wins_${name.toLowerCase().replaceAll(/\W+/g, "_")}`,
    label: words(name),
    about: `Chance of winning this round, or of a bye over it: ${words(name)}`,
    value: ({ p_progress }: TeamReach) => p_progress[round],
    show: ({ p_progress }: TeamReach) => <Heat p={p_progress[round] ?? 0} />,
  }));
  return (
    <DataTable<TeamReach>
      title="How far each team comes"
      sentence="The chance of winning each round, or of a bye over it, computed exactly and not by simulation. The last row is how many teams come so far."
      file={`${run.run_id}-reach.csv`}
      rows={result.teams}
      rowKey={({ team_id }) => team_id}
      total={[
        "Total",
        ...result.places.map((place) => points(place)),
        scoring ? points(result.teams.reduce((sum, team) => sum + (worth(team) ?? 0), 0)) : "–",
      ]}
      columns={[
        {
          key: "team",
          label: "Team",
          isText: true,
          value: ({ team_id }) => teamLabel(teams.get(team_id), team_id),
        },
        ...rounds,
        {
          key: "expected_points",
          label: "Points",
          about: "Points it is expected to earn by the rules of the chosen auction",
          value: worth,
          show: (team) => points(worth(team)),
        },
      ]}
    />
  );
}

/** A chance on a wash that deepens with it. */
function Heat({ p }: { p: number }) {
  const depth = Math.round(34 * p);
  return (
    <span
      className="inline-block min-w-13 rounded-sm px-1.5 -mx-1.5 text-right"
      style={{ background: `color-mix(in oklab, var(--accent) ${depth}%, transparent)` }}
    >
      {chance(p)}
    </span>
  );
}
