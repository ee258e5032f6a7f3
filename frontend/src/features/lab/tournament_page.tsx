import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { StateItem, Team, Tournament } from "@/api/lab.ts";
import { decimal, plural, words } from "@/lib/format.ts";
import { DataTable } from "@/ui/data_table.tsx";
import { SelectField } from "@/ui/field.tsx";
import { Segmented } from "@/ui/segmented.tsx";
import { When } from "@/ui/time.tsx";
import { Answered } from "./answered.tsx";
import { BracketFigure } from "./bracket_figure.tsx";
import { DigestText, PageHeader } from "./page_header.tsx";
import { calcuttasQuery, stateQuery, tournamentQuery } from "./queries.ts";
import { LabRunList } from "./run_list.tsx";
import { StartGameOutcome } from "./start_game_outcome.tsx";
import { stateOption } from "./states.ts";

const TOURNAMENT_TABS = ["field", "bracket", "states"] as const;
type Tab = (typeof TOURNAMENT_TABS)[number];

const LABELS: Record<Tab, string> = { field: "Field", bracket: "Bracket", states: "States" };

interface Props {
  tournamentId: string;
  tab: Tab;
  /** The state whose results the bracket shows; `null`: the one with the most games decided. */
  state: string | null;
  onChange: (change: { tab?: Tab; state?: string }) => void;
  onStarted: (runId: string) => void;
}

/** One tournament: who plays, in which bracket, what is played of it, and what models say of it. */
export function TournamentPage(props: Props) {
  const tournament = useQuery(tournamentQuery(props.tournamentId));
  return (
    <Answered query={tournament} label="Loading the tournament" page="tournament">
      {(data) => <Shown {...props} tournament={data} />}
    </Answered>
  );
}

function Shown({ tournament, tab, state, onChange, onStarted }: Props & { tournament: Tournament }) {
  const { tournament_id, name, season, field, states, digest } = tournament;
  return (
    <div className="grid gap-5">
      <PageHeader
        title={name}
        sentence={
          <>
            Season {season}: {plural(field.teams.length, "team")}, {plural(field.games.length, "game")},{" "}
            {plural(field.rounds.length, "round")}. Field and bracket never change; digest{" "}
            <DigestText digest={digest} label="the digest of field and bracket" />
          </>
        }
        aside={<AuctionLinks tournamentId={tournament_id} />}
      />
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
        <div className="grid gap-4 min-w-0">
          <Segmented
            label="What is shown"
            value={tab}
            options={TOURNAMENT_TABS.map((value) => ({ value, label: LABELS[value] }))}
            onChange={(next) => onChange({ tab: next })}
          />
          {tab === "field" ? <FieldTable tournament={tournament} /> : null}
          {tab === "bracket" ? (
            <PlayedSoFar tournament={tournament} state={state} onState={(id) => onChange({ state: id })} />
          ) : null}
          {tab === "states" ? (
            <StateTable states={states} games={field.games.length} tournamentId={tournament_id} />
          ) : null}
        </div>
        <div className="grid gap-5 min-w-0">
          <StartGameOutcome tournament={tournament} onStarted={onStarted} />
          <LabRunList
            title="Who beats whom"
            filter={{ tournament_id, run_kind: "game_outcome" }}
            empty="No model has been run on it yet. One says how likely each team comes how far."
          />
          <LabRunList
            title="Evaluations on it"
            filter={{ tournament_id, run_kind: "evaluation" }}
            empty="None yet. The page of a simulation compares candidates over its tournaments."
          />
        </div>
      </div>
    </div>
  );
}

function AuctionLinks({ tournamentId }: { tournamentId: string }) {
  const calcuttas = useQuery(calcuttasQuery(tournamentId));
  return calcuttas.data?.items.map(({ calcutta_id, name }) => (
    <Link
      key={calcutta_id}
      to="/lab/calcuttas/$calcuttaId"
      params={{ calcuttaId: calcutta_id }}
      className="text-sm text-accent hover:underline"
    >
      Auction: {name}
    </Link>
  ));
}

function FieldTable({ tournament }: { tournament: Tournament }) {
  const rating = (key: "net" | "offence" | "defence" | "tempo", label: string, isWideOnly: boolean) => ({
    key: `${key}_per_100_possessions`,
    label,
    isWideOnly,
    value: (team: Team) => team.rating?.[key],
    show: (team: Team) => decimal(team.rating?.[key], 1),
  });
  return (
    <DataTable<Team>
      title="Field"
      sentence="Ratings are points per hundred possessions: net is points above an average team, offence what it scores, defence what it allows, tempo its possessions a game."
      file={`tournament-${tournament.tournament_id}.csv`}
      rows={tournament.field.teams}
      rowKey={({ team_id }) => team_id}
      columns={[
        { key: "team", label: "Team", isText: true, value: ({ name }) => name },
        { key: "region", label: "Region", isText: true, value: ({ region }) => region },
        { key: "seed", label: "Seed", value: ({ seed }) => seed },
        rating("net", "Net", false),
        rating("offence", "Offence", true),
        rating("defence", "Defence", true),
        rating("tempo", "Tempo", true),
      ]}
    />
  );
}

function PlayedSoFar(props: {
  tournament: Tournament;
  state: string | null;
  onState: (stateId: string) => void;
}) {
  const { tournament, state, onState } = props;
  const { states, field } = tournament;
  const most = states.reduce<StateItem | undefined>(
    (best, each) => (best && best.decided_games >= each.decided_games ? best : each),
    undefined,
  );
  const shown = states.find(({ state_id }) => state_id === state) ?? most;
  const results = useQuery({ ...stateQuery(shown?.state_id ?? ""), enabled: shown !== undefined });
  const winners = new Map(results.data?.results.map((each) => [each.game_id, each.winner_team_id]));
  return (
    <div className="grid gap-3">
      <div className="max-w-80">
        <SelectField
          label="State of play"
          value={shown?.state_id ?? ""}
          onChange={onState}
          options={states.map(stateOption)}
        />
      </div>
      <BracketFigure
        title="Bracket"
        sentence={
          shown
            ? `${shown.decided_games} of ${plural(field.games.length, "game")} are decided; winners are marked. A number before a name is its seed.`
            : "Nothing is played of it."
        }
        file={`bracket-${tournament.tournament_id}.csv`}
        field={field}
        winners={winners}
      />
    </div>
  );
}

function StateTable(props: { states: readonly StateItem[]; games: number; tournamentId: string }) {
  const { states, games, tournamentId } = props;
  return (
    <DataTable<StateItem>
      title="States of play"
      sentence="What is played as of some moment. Models and simulations begin at one of them: games that are decided stay so."
      file={`states-${tournamentId}.csv`}
      rows={states}
      rowKey={({ state_id }) => state_id}
      columns={[
        {
          key: "state",
          label: "State",
          isText: true,
          value: ({ starting_state_key }) => words(starting_state_key),
          show: ({ starting_state_key, state_id }) => (
            <Link
              to="/lab/tournaments/$tournamentId"
              params={{ tournamentId }}
              search={{ tab: "bracket", state: state_id }}
              className="text-accent hover:underline"
            >
              {words(starting_state_key)}
            </Link>
          ),
        },
        {
          key: "decided_games",
          label: `Of ${games} games decided`,
          value: ({ decided_games }) => decided_games,
        },
        {
          key: "digest",
          label: "Digest",
          isWideOnly: true,
          value: ({ digest }) => digest,
          show: ({ digest }) => <DigestText digest={digest} label="the digest of the state" />,
        },
        {
          key: "created_at",
          label: "Kept",
          isWideOnly: true,
          value: ({ created_at }) => created_at,
          show: ({ created_at }) => <When at={created_at} />,
        },
      ]}
    />
  );
}
