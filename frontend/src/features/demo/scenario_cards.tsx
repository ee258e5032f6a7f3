import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import type { Scenario } from "@/api/types.ts";
import { count, words } from "@/lib/format.ts";

/** The presets as cards, one of them chosen. */
export function ScenarioCards(props: {
  scenarios: readonly Scenario[];
  chosen: string;
  onChoose: (name: string) => void;
  isLocked: boolean;
}) {
  return (
    <RadioGroup
      aria-label="Scenario"
      value={props.chosen}
      onValueChange={(value) => props.onChoose(String(value))}
      disabled={props.isLocked}
      className="grid gap-2 grid-cols-1 sm:grid-cols-2 xl:grid-cols-4"
    >
      {props.scenarios.map((scenario) => (
        <Card key={scenario.scenario} scenario={scenario} />
      ))}
    </RadioGroup>
  );
}

export function scenarioTitle(scenario: Pick<Scenario, "scenario" | "title">): string {
  return scenario.title || words(scenario.scenario);
}

function Card({ scenario }: { scenario: Scenario }) {
  return (
    <Radio.Root
      value={scenario.scenario}
      aria-label={scenarioTitle(scenario)}
      aria-describedby={`scenario-${scenario.scenario}`}
      className="group text-left cursor-pointer rounded-lg border border-line bg-surface p-3 grid gap-1 content-start hover:border-line-strong data-[checked]:border-accent data-[checked]:bg-accent-wash data-[disabled]:cursor-not-allowed data-[disabled]:hover:border-line data-[disabled]:data-[checked]:border-accent"
    >
      <span className="flex items-center gap-2">
        <span
          aria-hidden
          className="size-3.5 rounded-full border border-line-strong grid place-items-center bg-surface group-data-[checked]:border-accent"
        >
          <Radio.Indicator className="size-1.5 rounded-full bg-accent" />
        </span>
        <span className="font-medium">{scenarioTitle(scenario)}</span>
      </span>
      <span id={`scenario-${scenario.scenario}`} className="grid gap-1 text-xs">
        <span className="text-ink-2">{scenario.description}</span>
        <span className="num text-ink-3">{dimensions(scenario)}</span>
        {scenario.note ? <span className="text-warn">{scenario.note}</span> : null}
      </span>
    </Radio.Root>
  );
}

function dimensions(scenario: Scenario): string {
  return `${count(scenario.stores)} stores × ${count(scenario.products)} products × ${count(scenario.days)} days`;
}
