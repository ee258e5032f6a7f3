import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { SeasonFiles, SeasonInspection, SeasonReport } from "@/api/lab.ts";
import { announce } from "@/lib/announce.ts";
import { plural } from "@/lib/format.ts";
import { useSettled } from "@/lib/settled.ts";
import { Button } from "@/ui/button.tsx";
import { CheckField, NumberField, SelectField, TextField } from "@/ui/field.tsx";
import { Empty, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { keepSeason, startGameOutcome } from "./actions.ts";
import { DropZone, type PickedFile, PickedList, sent } from "./files.tsx";
import { FinalFourFields, finalFourOf, NO_FINAL_FOUR } from "./final_four.tsx";
import { IntakeReportView } from "./intake_report.tsx";
import { PageHeader } from "./page_header.tsx";
import { seasonInspectionQuery } from "./queries.ts";

/** What the files do not say themselves. */
const SAID_NOTHING = {
  name: "",
  season: null as number | null,
  calcutta: "",
  decimal: "" as "" | "point" | "comma",
  oddsLevel: null as number | null,
  finalFour: NO_FINAL_FOUR,
};
type Stated = typeof SAID_NOTHING;

interface Draft {
  files: PickedFile[];
  stated: Stated;
}

function requestOf({ files, stated }: Draft): SeasonFiles {
  const { name, season, calcutta, decimal, oddsLevel } = stated;
  const final_four = finalFourOf(stated.finalFour);
  return {
    files: sent(files),
    ...(name.trim() ? { name: name.trim() } : {}),
    ...(season === null ? {} : { season }),
    ...(calcutta.trim() ? { calcutta_name: calcutta.trim() } : {}),
    ...(decimal ? { decimal } : {}),
    ...(oddsLevel ? { odds_level: oddsLevel } : {}),
    ...(final_four ? { final_four } : {}),
  };
}

/** A season from one's own files: what is read of them is shown before anything is kept. */
export function ImportPage({ onKept }: { onKept: (tournamentId: string) => void }) {
  const [draft, setDraft] = useState<Draft>({ files: [], stated: SAID_NOTHING });
  const { files, stated } = draft;
  const setFiles = (next: PickedFile[]) => setDraft({ ...draft, files: next });
  const settled = useSettled(draft);
  const inspection = useQuery(seasonInspectionQuery(requestOf(settled)));
  const add = (added: PickedFile[]) => {
    const names = new Set(added.map(({ name }) => name));
    setFiles([...files.filter(({ name }) => !names.has(name)), ...added]);
  };
  const asked = new Set(inspection.data?.questions.map(({ option }) => option));
  return (
    <div className="grid gap-5">
      <PageHeader
        title="Import a season"
        sentence="A tournament with its field, and as far as you have them its results, odds or chances, and the bids of an auction: as CSV or text files, or as one workbook with a sheet for each. Nothing is kept before you have seen what was read."
      />
      <div className="grid gap-5 xl:grid-cols-[minmax(0,1fr)_22rem] items-start">
        <div className="grid gap-5 min-w-0">
          <Panel title="Files">
            <div className="grid gap-3">
              <DropZone isMultiple label="Drop the files here, or choose them" onFiles={add} />
              <PickedList files={files} onFiles={setFiles} />
            </div>
          </Panel>
          {inspection.error ? (
            <ProblemNote error={inspection.error} title="The files cannot be read" />
          ) : null}
          {files.length === 0 ? <Teaching /> : null}
          {files.length > 0 && inspection.isPending && !inspection.error ? (
            <Loading label="Reading the files" />
          ) : null}
          {files.length > 0 && inspection.data ? <IntakeReportView report={inspection.data} /> : null}
        </div>
        <div className="grid gap-5 min-w-0">
          <StatedPanel
            stated={stated}
            onStated={(next) => setDraft({ ...draft, stated: next })}
            asked={asked}
          />
          {files.length > 0 && inspection.data ? (
            <KeepPanel
              inspection={inspection.data}
              isReading={inspection.isFetching || settled !== draft}
              onKept={onKept}
            />
          ) : null}
        </div>
      </div>
    </div>
  );
}

function Teaching() {
  return (
    <Panel>
      <Empty title="What the files may hold">
        <p>
          A <strong>field</strong> has a row for each team: name, and region, seed and rating where there are
          any. <strong>Results</strong> name who beat whom, <strong>odds</strong> what a team pays,{" "}
          <strong>bids</strong> who bid how many points on which team. Columns are told by their headings, in
          any order; separators and decimal marks by what stands in the cells.
        </p>
      </Empty>
    </Panel>
  );
}

function StatedPanel(props: {
  stated: Stated;
  onStated: (stated: Stated) => void;
  asked: ReadonlySet<string>;
}) {
  const { stated, onStated, asked } = props;
  const change = (part: Partial<Stated>) => onStated({ ...stated, ...part });
  const hint = (option: string, otherwise: string) =>
    asked.has(option) ? { error: "The files leave this open." } : { hint: otherwise };
  return (
    <Panel title="What the files do not say">
      <div className="grid gap-3">
        <TextField
          label="Name of the tournament"
          {...hint("name", "Left empty: by the file")}
          maxLength={100}
          value={stated.name}
          onChange={(name) => change({ name })}
        />
        <NumberField
          label="Season"
          {...hint("season", "Left empty: the year in a name")}
          step={1}
          value={stated.season}
          onChange={(season) => change({ season })}
        />
        <TextField
          label="Name of the auction"
          {...hint("calcutta_name", "Left empty: by the tournament")}
          maxLength={100}
          value={stated.calcutta}
          onChange={(calcutta) => change({ calcutta })}
        />
        <SelectField
          label="Decimal mark"
          {...hint("decimal", "Of ratings, odds and chances")}
          value={stated.decimal}
          onChange={(decimal) => change({ decimal: decimal as Stated["decimal"] })}
          options={[
            { value: "", label: "As it is found" },
            { value: "point", label: "Point: 1.5" },
            { value: "comma", label: "Comma: 1,5" },
          ]}
        />
        <NumberField
          label="Steps that odds are about"
          {...hint("odds_level", "Left empty: the title")}
          min={1}
          step={1}
          value={stated.oddsLevel}
          onChange={(oddsLevel) => change({ oddsLevel })}
        />
        <FinalFourFields
          value={stated.finalFour}
          isAsked={asked.has("final_four")}
          onChange={(finalFour) => change({ finalFour })}
        />
      </div>
    </Panel>
  );
}

function KeepPanel(props: {
  inspection: SeasonInspection;
  /** What is shown is not yet of what stands in the form. */
  isReading: boolean;
  onKept: (tournamentId: string) => void;
}) {
  const { inspection, isReading, onKept } = props;
  const { season, game_outcome_model: model, problems, questions } = inspection;
  const queries = useQueryClient();
  const [wantsModel, setWantsModel] = useState(true);
  const keep = useMutation({
    mutationFn: async (request: NonNullable<typeof season>) => {
      const report = await keepSeason(request);
      const { tournament, states } = report;
      const { tournament_id } = tournament;
      const first = states.toSorted((a, b) => a.decided_games - b.decided_games)[0];
      if (model && wantsModel && first) {
        await startGameOutcome({ tournament_id, state_id: first.state_id, model });
      }
      return report;
    },
    onSuccess: ({ tournament: { tournament_id, name }, is_there, beside }) => {
      announce(`${name}: ${is_there ? "there already" : "imported"}`);
      void queries.invalidateQueries({ queryKey: ["lab"] });
      // What is not as it was asked for is read first.
      if (!is_there && beside.length === 0) onKept(tournament_id);
    },
  });
  return (
    <Panel title="Import">
      <div className="grid gap-3 text-sm">
        {season ? (
          <p>
            <strong className="font-medium">{season.tournament.name}</strong>, season{" "}
            {season.tournament.season}: {plural(season.tournament.teams.length, "team")},{" "}
            {plural(season.results?.length ?? 0, "result")}
            {season.calcutta
              ? `, an auction with ${plural(season.calcutta.entries.length, "entry", "entries")}`
              : ", no auction"}
            .
          </p>
        ) : (
          <p className="text-ink-2">
            {problems.length > 0
              ? `First put right what is wrong: ${plural(problems.length, "thing")}.`
              : `First answer what is open: ${plural(questions.length, "thing")}.`}
          </p>
        )}
        {model ? (
          <CheckField
            label="Then compute who beats whom"
            hint={`By the ${model.kind} of the files, from before the first game`}
            isChecked={wantsModel}
            onChange={setWantsModel}
          />
        ) : null}
        {keep.error ? <ProblemNote error={keep.error} /> : null}
        {keep.data ? <Kept report={keep.data} onOpen={onKept} /> : null}
        <Button
          kind="primary"
          disabled={!season || isReading || keep.isPending}
          onClick={() => season && keep.mutate(season)}
        >
          {keep.isPending ? "Importing…" : isReading ? "Reading…" : "Import"}
        </Button>
      </div>
    </Panel>
  );
}

/** That nothing was kept twice, or what stands under the same name with other content. */
function Kept({ report, onOpen }: { report: SeasonReport; onOpen: (tournamentId: string) => void }) {
  const { tournament, is_there, beside } = report;
  return (
    <div role="status" className="rounded-lg border border-line bg-warn-wash px-4 py-3 grid gap-2">
      {is_there ? (
        <p>This season is there already, with the same content: nothing was kept twice.</p>
      ) : (
        beside.map((line) => (
          <p key={line} className="break-words">
            {line}
          </p>
        ))
      )}
      <div>
        <Button size="sm" onClick={() => onOpen(tournament.tournament_id)}>
          Open the tournament
        </Button>
      </div>
    </div>
  );
}
