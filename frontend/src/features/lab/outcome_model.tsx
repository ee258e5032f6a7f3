import { FileUp } from "lucide-react";
import { useMemo } from "react";
import type { Field, GameOutcomeModel, Team } from "@/api/lab.ts";
import { count, plural } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { LongTextField, NumberField } from "@/ui/field.tsx";
import { type Pasted, pastedOdds, pastedPairs } from "./pasted.ts";

/** What is stated of a model of games: each kind keeps its own while another is looked at. */
export interface OutcomeDraft {
  kind: GameOutcomeModel["kind"];
  scale: number | null;
  level: number | null;
  odds: string;
  pairs: string;
}

export const USUAL_OUTCOME: OutcomeDraft = { kind: "logistic", scale: 10, level: null, odds: "", pairs: "" };

/** The model as it is sent; `null` while something is missing or wrong. */
export function outcomeModelOf(draft: OutcomeDraft, teams: readonly Team[]): GameOutcomeModel | null {
  const { kind, scale, level } = draft;
  switch (kind) {
    case "logistic":
      return scale ? { kind, scale } : null;
    case "odds": {
      const odds = whole(pastedOdds(draft.odds, teams));
      return odds && level ? { kind, level, odds } : null;
    }
    case "pairs": {
      const pairs = whole(pastedPairs(draft.pairs, teams));
      return pairs && { kind, pairs };
    }
  }
}

function whole<Row>({ rows, problems }: Pasted<Row>): Row[] | null {
  return problems.length === 0 && rows.length > 0 ? rows : null;
}

interface Props {
  field: Field;
  draft: OutcomeDraft;
  onDraft: (draft: OutcomeDraft) => void;
}

/** The figures that the chosen kind of model needs. */
export function OutcomeFields({ field, draft, onDraft }: Props) {
  const { teams, rounds } = field;
  const change = (part: Partial<OutcomeDraft>) => onDraft({ ...draft, ...part });
  switch (draft.kind) {
    case "logistic":
      return <ScaleField teams={teams} value={draft.scale} onChange={(scale) => change({ scale })} />;
    case "odds":
      return (
        <>
          <NumberField
            label="Steps"
            hint={`The odds pay a team that makes so many, byes included; ${count(rounds.length)} win the tournament`}
            min={1}
            max={rounds.length}
            value={draft.level}
            onChange={(level) => change({ level })}
          />
          <PastedField
            label="Decimal odds"
            hint="A line for each team: its name, then what one unit pays. Paste it from a table, or fill in the teams and type."
            text={draft.odds}
            onText={(odds) => change({ odds })}
            pasted={pastedOdds}
            teams={teams}
            fill={() => teams.map(({ name }) => `${name}; \n`).join("")}
            total={teams.length}
            unit="team"
          />
        </>
      );
    case "pairs":
      return (
        <PastedField
          label="Chances of pairs"
          hint="A line for each pair: two teams, then the chance that the first one wins. Pairs may stand in one direction or in both."
          text={draft.pairs}
          onText={(pairs) => change({ pairs })}
          pasted={pastedPairs}
          teams={teams}
          fill={() => everyPair(teams)}
          total={(teams.length * (teams.length - 1)) / 2}
          unit="pair"
        />
      );
  }
}

function ScaleField(props: {
  teams: readonly Team[];
  value: number | null;
  onChange: (scale: number | null) => void;
}) {
  const unrated = props.teams.filter(({ rating }) => !rating).length;
  return (
    <>
      <NumberField
        label="Scale"
        hint="Points of net rating that multiply the odds by e; 10 fits best"
        min={0.1}
        step={0.1}
        value={props.value}
        onChange={props.onChange}
      />
      {unrated > 0 ? (
        <p className="text-sm text-warn">{plural(unrated, "team")} without a rating cannot be judged.</p>
      ) : null}
    </>
  );
}

function everyPair(teams: readonly Team[]): string {
  return teams
    .flatMap((one, at) => teams.slice(at + 1).map((other) => `${one.name}; ${other.name}; \n`))
    .join("");
}

/** So many are said; the next come when these are mended. */
const SHOWN = 4;

function PastedField(props: {
  label: string;
  hint: string;
  text: string;
  onText: (text: string) => void;
  pasted: (text: string, teams: readonly Team[]) => Pasted<unknown>;
  teams: readonly Team[];
  /** All lines without their figures. */
  fill: () => string;
  total: number;
  unit: string;
}) {
  const { label, hint, text, onText, pasted, teams, fill, total, unit } = props;
  const { rows, problems } = useMemo(() => pasted(text, teams), [pasted, text, teams]);
  const isEmpty = text.trim() === "";
  return (
    <div className="grid gap-2">
      <LongTextField isCode label={label} hint={hint} rows={8} value={text} onChange={onText} />
      <div className="flex flex-wrap items-center gap-2">
        {isEmpty ? (
          <Button size="sm" onClick={() => onText(fill())}>
            Fill in the {unit}s
          </Button>
        ) : null}
        <TextFile onText={onText} />
        <p role="status" className="text-xs text-ink-2">
          {isEmpty ? "" : `${count(rows.length)} of ${plural(total, unit)} read`}
        </p>
      </div>
      {problems.length > 0 ? (
        <ul className="text-xs text-fail grid gap-0.5" aria-label={`What is wrong: ${label}`}>
          {problems.slice(0, SHOWN).map((each) => (
            <li key={each}>{each}</li>
          ))}
          {problems.length > SHOWN ? (
            <li>… and {plural(problems.length - SHOWN, "more line", "more lines")}.</li>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
}

/** Takes the text of a file as if it had been pasted. */
function TextFile({ onText }: { onText: (text: string) => void }) {
  return (
    <label
      className={`${buttonClass("plain", "sm")} cursor-pointer focus-within:outline-2 focus-within:outline-accent`}
    >
      <FileUp aria-hidden /> From a file…
      <input
        type="file"
        accept=".csv,.tsv,.txt,text/*"
        className="sr-only"
        onChange={async (event) => {
          const { files } = event.target;
          const text = await files?.[0]?.text();
          if (text !== undefined) onText(text);
        }}
      />
    </label>
  );
}
