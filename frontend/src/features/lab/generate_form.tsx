import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Sparkles } from "lucide-react";
import { useState } from "react";
import type { GenerateSeasons } from "@/api/lab.ts";
import { announce } from "@/lib/announce.ts";
import { plural } from "@/lib/format.ts";
import { Button } from "@/ui/button.tsx";
import { NumberField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { generateSeasons, startGameOutcome } from "./actions.ts";

type Draft = { [K in keyof GenerateSeasons]: number | null };

const USUAL: Draft = { seed: 42, first_season: 2024, seasons: 3, entries: 40 };
/** Points of net rating that multiply the odds by e: what fits real tournaments best. */
const SCALE = 10;

const FIELDS = [
  ["seasons", "Seasons", "One tournament and one auction each", 1, 20],
  ["entries", "Entries", "People who bid in each auction", 2, 500],
  ["first_season", "First season", "Its year", 1900, 2200],
  ["seed", "Seed", "Same seed, same seasons", 1, Number.MAX_SAFE_INTEGER],
] as const;

/** Makes seasons: the first of two clicks from nothing to chances. */
export function useMakeSeasons() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (request: GenerateSeasons) => generateSeasons(request),
    onSuccess: ({ seasons }) => {
      announce(`${plural(seasons.length, "season")} made`);
      void queries.invalidateQueries({ queryKey: ["lab"] });
    },
  });
}

type Making = ReturnType<typeof useMakeSeasons>;

/** How many seasons to make, and of what. */
export function GenerateForm({ make }: { make: Making }) {
  const [draft, setDraft] = useState(USUAL);
  const request = requestOf(draft);
  return (
    <div className="grid gap-4 text-left @container">
      <div className="grid grid-cols-2 @2xl:grid-cols-4 gap-3">
        {FIELDS.map(([key, label, hint, min, max]) => (
          <NumberField
            key={key}
            {...{ label, hint, min, max }}
            step={1}
            value={draft[key]}
            onChange={(value) => setDraft({ ...draft, [key]: value })}
          />
        ))}
      </div>
      {make.error ? <ProblemNote error={make.error} /> : null}
      <div>
        <Button
          kind={make.data ? "plain" : "primary"}
          disabled={!request || make.isPending}
          onClick={() => request && make.mutate(request)}
        >
          <Sparkles aria-hidden /> {make.isPending ? "Making…" : "Make seasons"}
        </Button>
      </div>
    </div>
  );
}

type Season = Awaited<ReturnType<typeof generateSeasons>>["seasons"][number];

/** The second click: who beats whom, in each of the seasons, from before its first game. */
export function MadeSeasons({ seasons }: { seasons: readonly Season[] }) {
  const queries = useQueryClient();
  const run = useMutation({
    mutationFn: async () => {
      for (const { tournament, states } of seasons) {
        const before = states.find(({ decided_games }) => decided_games === 0);
        if (!before) continue;
        const model = { kind: "logistic" as const, scale: SCALE };
        const { tournament_id } = tournament;
        await startGameOutcome({ tournament_id, state_id: before.state_id, model });
      }
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: ["lab", "runs"] }),
  });
  return (
    <section
      aria-label="Seasons made"
      className="flex flex-wrap items-center gap-3 rounded-lg border border-line bg-accent-wash px-4 py-3"
    >
      <p role="status" className="text-sm">
        {run.isSuccess
          ? "The chances are being computed: see the latest runs, or open an auction to go on."
          : `${plural(seasons.length, "season")} made. Next: how likely each team comes how far.`}
      </p>
      {run.isSuccess ? null : (
        <Button kind="primary" disabled={run.isPending} onClick={() => run.mutate()}>
          {run.isPending ? "Starting…" : "Compute every team's chances"}
        </Button>
      )}
      {run.error ? <ProblemNote error={run.error} /> : null}
    </section>
  );
}

function requestOf({ seed, first_season, seasons, entries }: Draft): GenerateSeasons | null {
  if (seed === null || first_season === null || seasons === null || entries === null) return null;
  return { seed, first_season, seasons, entries };
}
