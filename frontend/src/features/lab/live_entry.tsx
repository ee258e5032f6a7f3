import { Undo2 } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import type { LiveAuction, SoldTeam } from "@/api/lab.ts";
import { plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { NumberField, TextField } from "@/ui/field.tsx";
import { Panel } from "@/ui/panel.tsx";
import { teamLabel } from "./bracket.ts";
import { points } from "./figures.ts";
import { teamMeant } from "./live_draft.ts";

interface Props {
  /** Those that have not fallen. */
  teams: readonly LiveAuction["teams"][number][];
  left: number;
  /** Whether it can be so; what was typed stays where it cannot. */
  onSold: (team: SoldTeam, name: string) => Promise<boolean>;
  /** `null`: there is nothing to take back. */
  onUndo: (() => void) | null;
}

/** One line for one team: a few letters, others' points, one's own, Enter; then the next. */
export function LiveEntry({ teams, left, onSold, onUndo }: Props) {
  const form = useRef<HTMLFormElement>(null);
  const list = useId();
  const [typed, setTyped] = useState("");
  const [others, setOthers] = useState<number | null>(null);
  const [own, setOwn] = useState<number | null>(null);
  const team = teamMeant(typed, teams);
  const isWhole = team !== null && isPoints(others) && (own === null || isPoints(own));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!team || !isPoints(others) || !isWhole) return;
    const sold = { team_id: team.team_id, others_points: others, own_points: own ?? 0 };
    if (!(await onSold(sold, team.name))) return;
    setTyped("");
    setOthers(null);
    setOwn(null);
    form.current?.querySelector("input")?.focus();
  };
  return (
    <Panel title="What has just fallen" aside={<Undo onUndo={onUndo} />}>
      <form ref={form} onSubmit={submit} className="grid sm:grid-cols-[minmax(0,2fr)_1fr_1fr_auto] gap-3">
        <TextField
          label="Team"
          list={list}
          hint={hintOf(typed, team)}
          value={typed}
          onChange={setTyped}
          placeholder="A few letters"
        />
        <datalist id={list}>
          {teams.map((each) => (
            <option key={each.team_id} value={teamLabel(each, each.team_id)} />
          ))}
        </datalist>
        <NumberField
          label="Others' points"
          hint="All of them together"
          min={0}
          step={1}
          value={others}
          onChange={setOthers}
        />
        <NumberField
          label="Your points"
          hint={`Empty: none; ${plural(left, "point")} left`}
          min={0}
          max={left}
          step={1}
          value={own}
          onChange={setOwn}
        />
        <Button type="submit" kind="primary" className="sm:mt-6" disabled={!isWhole}>
          Enter it
        </Button>
      </form>
    </Panel>
  );
}

function Undo({ onUndo }: { onUndo: Props["onUndo"] }) {
  return (
    <Button size="sm" disabled={!onUndo} onClick={() => onUndo?.()}>
      <Undo2 aria-hidden /> Undo
    </Button>
  );
}

function isPoints(value: number | null): value is number {
  return value !== null && Number.isInteger(value) && value >= 0;
}

function hintOf(typed: string, team: Props["teams"][number] | null): string {
  if (team) {
    const bid = team.best_bid_points > 0 ? `; your best bid ${team.best_bid_points}` : "; not in your plan";
    return `${teamLabel(team, team.team_id)}: others are expected to bid ${points(team.others_points)}${bid}`;
  }
  return typed.trim() === "" ? "Then Tab, the points, Enter" : "No team, or several; type more of it";
}
