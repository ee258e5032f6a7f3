import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Field, LabRun, PlayedBracket, SimulationResult } from "@/api/lab.ts";
import { count } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { NumberField } from "@/ui/field.tsx";
import { Facts, Panel } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { Answered } from "./answered.tsx";
import { bracketOf } from "./bracket.ts";
import { BracketFigure } from "./bracket_figure.tsx";
import { DigestText } from "./page_header.tsx";
import { playedBracketQuery, tournamentQuery } from "./queries.ts";
import { holds, isOfBits } from "./seal.ts";

/** One of the simulated tournaments, played again, with the proof that it was one of them. */
export function BracketPart(props: {
  run: LabRun;
  result: SimulationResult;
  simulation: number;
  onSimulation: (simulation: number) => void;
}) {
  const { run, result, simulation, onSimulation } = props;
  const tournament = useQuery(tournamentQuery(run.lineage.tournament_id ?? ""));
  const played = useQuery(playedBracketQuery(run.run_id, simulation));
  return (
    <div className="grid gap-4">
      <SimulationChoice
        key={simulation}
        simulation={simulation}
        total={result.total_simulations}
        onSimulation={onSimulation}
      />
      <Answered query={played} label="Playing it again">
        {(bracket) => (
          <Answered query={tournament} label="Loading the field">
            {({ field }) => (
              <Played run={run} field={field} played={bracket} root={result.seal_root ?? null} />
            )}
          </Answered>
        )}
      </Answered>
    </div>
  );
}

function SimulationChoice(props: {
  simulation: number;
  total: number;
  onSimulation: (simulation: number) => void;
}) {
  const { simulation, total, onSimulation } = props;
  const [draft, setDraft] = useState<number | null>(simulation);
  const isOne = draft !== null && Number.isInteger(draft) && draft >= 0 && draft < total;
  return (
    <form
      className="flex flex-wrap items-end gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isOne) onSimulation(draft);
      }}
    >
      <div className="w-56">
        <NumberField
          label="Which simulation"
          hint={`0 to ${count(total - 1)}`}
          min={0}
          max={total - 1}
          value={draft}
          onChange={setDraft}
          error={isOne ? null : `Give a number from 0 to ${count(total - 1)}.`}
        />
      </div>
      <Button type="submit" className="mb-5" disabled={!isOne}>
        Play it again
      </Button>
    </form>
  );
}

function Played(props: { run: LabRun; field: Field; played: PlayedBracket; root: string | null }) {
  const { run, field, played, root } = props;
  const winners = useMemo(
    () => new Map(played.games.map(({ game_id, winner_team_id }) => [game_id, winner_team_id])),
    [played],
  );
  const decided = useMemo(
    () => new Set(played.games.flatMap(({ game_id, is_decided }) => (is_decided ? [game_id] : []))),
    [played],
  );
  return (
    <>
      <Proof played={played} field={field} winners={winners} root={root} />
      <BracketFigure
        title={`Simulation ${count(played.simulation)}`}
        sentence="Played again from the seed; nothing of it was stored. Games with a dashed border were decided before it began."
        file={`${run.run_id}-simulation-${played.simulation}.csv`}
        field={field}
        winners={winners}
        decided={decided}
      />
    </>
  );
}

function Proof(props: {
  played: PlayedBracket;
  field: Field;
  winners: ReadonlyMap<string, string>;
  root: string | null;
}) {
  const { played, field, winners, root } = props;
  const { proof, simulation } = played;
  if (!proof) {
    return (
      <p className="text-sm text-ink-2">
        The run was not sealed, so that there is nothing to prove this tournament against. It is made again
        from the run's seed.
      </p>
    );
  }
  const isProven =
    proof.root === root &&
    holds(proof, simulation) &&
    isOfBits(played, bracketOf(field, winners), proof.bits);
  return (
    <Panel title="Proof">
      <div className="grid gap-3 text-sm">
        <p
          className="flex items-center gap-2 font-medium"
          data-testid="seal"
          data-state={isProven ? "verified" : "failed"}
        >
          <Glyph status={isProven ? "pass" : "fail"} />
          {isProven
            ? "Verified here: these winners lie under the seal of the run"
            : "Not verified: these winners do not lead to the seal of the run"}
        </p>
        <Facts
          facts={[
            ["Seal of the run", <DigestText key="seal" digest={proof.root} label="the seal" />],
            ["Tournaments under it", count(proof.total_simulations)],
            ["Digests on the path", count(proof.path.length)],
          ]}
        />
        <p className="text-ink-2 text-pretty">
          This browser hashed the winners of all games with the digests beside their path, by RFC 9162,
          2.1.3.2, and came to the seal.
        </p>
      </div>
    </Panel>
  );
}
