import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { CalcuttaItem, Cohort, TournamentItem } from "@/api/lab.ts";
import { count } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { DataTable } from "@/ui/data_table.tsx";
import { Empty, Panel } from "@/ui/panel.tsx";
import { When } from "@/ui/time.tsx";
import { Answered } from "./answered.tsx";
import { CandidateList } from "./candidate_list.tsx";
import { CohortForm } from "./cohort_form.tsx";
import { GenerateForm, MadeSeasons, useMakeSeasons } from "./generate_form.tsx";
import { calcuttasQuery, cohortsQuery, tournamentsQuery } from "./queries.ts";
import { LabRunList } from "./run_list.tsx";

/** What there is in the lab, and how to begin. */
export function LabPage({ onCohort }: { onCohort: (cohortId: string) => void }) {
  const tournaments = useQuery(tournamentsQuery);
  const make = useMakeSeasons();
  const form = <GenerateForm make={make} />;
  return (
    <div className="grid gap-5">
      <header className="grid gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="text-2xl font-semibold tracking-tight mr-auto">Lab</h1>
          <Link to="/lab/import" className={buttonClass("plain", "sm")}>
            Import a season
          </Link>
          <Link to="/lab/coverage" className={buttonClass("plain", "sm")}>
            Coverage
          </Link>
          <Link to="/lab/models" className={buttonClass("plain", "sm")}>
            Models compared
          </Link>
        </div>
        <p className="text-ink-2 max-w-[80ch] text-pretty">
          Which bids win an auction of a tournament's teams, and how sure is that? Models say who beats whom
          and what others bid, an optimiser finds the best bids against both, and simulations show what they
          come to.
        </p>
      </header>
      {make.data ? <MadeSeasons key={make.submittedAt} seasons={make.data.seasons} /> : null}
      <Answered query={tournaments} label="Loading tournaments">
        {({ items }) =>
          items.length === 0 ? (
            <Start form={form} />
          ) : (
            <Stock tournaments={items} form={form} onCohort={onCohort} />
          )
        }
      </Answered>
    </div>
  );
}

function Start({ form }: { form: ReactNode }) {
  return (
    <Panel>
      <Empty title="No tournaments yet">
        <p>
          A season is a tournament with its results and an auction of its teams. Make some with invented names
          to try everything, or{" "}
          <Link to="/lab/import" className="text-accent underline">
            import your own files
          </Link>
          .
        </p>
      </Empty>
      {form}
    </Panel>
  );
}

function Stock(props: {
  tournaments: readonly TournamentItem[];
  form: ReactNode;
  onCohort: (cohortId: string) => void;
}) {
  const { tournaments, form, onCohort } = props;
  return (
    <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
      <div className="grid gap-5 min-w-0">
        <Auctions tournaments={tournaments} />
        <Tournaments items={tournaments} />
        <Cohorts onCohort={onCohort} />
        <CandidateList />
      </div>
      <div className="grid gap-5 min-w-0">
        <LabRunList title="Latest runs" filter={{}} empty="None yet. Open an auction to run models on it." />
        <Panel title="More seasons">{form}</Panel>
      </div>
    </div>
  );
}

const LINK = "text-accent hover:underline font-medium";

function Auctions({ tournaments }: { tournaments: readonly TournamentItem[] }) {
  const calcuttas = useQuery(calcuttasQuery());
  const names = new Map(tournaments.map((each) => [each.tournament_id, each]));
  return (
    <Answered query={calcuttas} label="Loading auctions">
      {({ items }) => (
        <DataTable<CalcuttaItem>
          title="Auctions"
          sentence="Sealed auctions of a tournament's teams. Open one to see its bids, run models on it and find better ones."
          file="auctions.csv"
          rows={items}
          rowKey={({ calcutta_id }) => calcutta_id}
          columns={[
            {
              key: "auction",
              label: "Auction",
              isText: true,
              value: ({ name }) => name,
              show: ({ name, calcutta_id }) => (
                <Link to="/lab/calcuttas/$calcuttaId" params={{ calcuttaId: calcutta_id }} className={LINK}>
                  {name}
                </Link>
              ),
            },
            {
              key: "tournament",
              label: "Tournament",
              isText: true,
              isWideOnly: true,
              value: ({ tournament_id }) => names.get(tournament_id)?.name,
            },
            {
              key: "season",
              label: "Season",
              value: ({ tournament_id }) => names.get(tournament_id)?.season,
            },
            { key: "entries", label: "Entries", value: ({ entry_count }) => entry_count },
          ]}
        />
      )}
    </Answered>
  );
}

function Tournaments({ items }: { items: readonly TournamentItem[] }) {
  return (
    <DataTable<TournamentItem>
      title="Tournaments"
      sentence="Fields with their brackets. They never change; what is played of one is a state of it."
      file="tournaments.csv"
      rows={items}
      rowKey={({ tournament_id }) => tournament_id}
      columns={[
        {
          key: "tournament",
          label: "Tournament",
          isText: true,
          value: ({ name }) => name,
          show: ({ name, tournament_id }) => (
            <Link
              to="/lab/tournaments/$tournamentId"
              params={{ tournamentId: tournament_id }}
              className={LINK}
            >
              {name}
            </Link>
          ),
        },
        { key: "season", label: "Season", value: ({ season }) => season },
        { key: "teams", label: "Teams", value: ({ team_count }) => team_count },
        { key: "games", label: "Games", value: ({ game_count }) => game_count },
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

function Cohorts({ onCohort }: { onCohort: (cohortId: string) => void }) {
  const cohorts = useQuery(cohortsQuery);
  return (
    <Answered query={cohorts} label="Loading cohorts">
      {({ items }) => (
        <div className="grid gap-3">
          <DataTable<Cohort>
            title="Cohorts"
            sentence={
              items.length === 0
                ? "None yet. A cohort judges candidates in many auctions by one method."
                : "Auctions that candidates join, judged by one number of simulations and one seed."
            }
            file="cohorts.csv"
            rows={items}
            rowKey={({ cohort_id }) => cohort_id}
            columns={[
              {
                key: "cohort",
                label: "Cohort",
                isText: true,
                value: ({ name }) => name,
                show: ({ name, cohort_id }) => (
                  <Link to="/lab/cohorts/$cohortId" params={{ cohortId: cohort_id }} className={LINK}>
                    {name}
                  </Link>
                ),
              },
              {
                key: "auctions",
                label: "Auctions",
                value: ({ synthetic_calcutta_count }) => synthetic_calcutta_count,
              },
              {
                key: "simulations",
                label: "Simulations",
                value: ({ n_sims }) => n_sims,
                show: ({ n_sims }) => count(n_sims),
              },
              { key: "seed", label: "Seed", isWideOnly: true, value: ({ seed }) => seed },
            ]}
          />
          <CohortForm onKept={onCohort} />
        </div>
      )}
    </Answered>
  );
}
