import type { Scenario } from "@/api/types.ts";
import { plural, words } from "@/lib/format.ts";

/** What a showcase will do, as the server announces it. */
export function Plan({ plan }: { plan: Scenario["plan"] }) {
  const steps = plan.reduce((sum, phase) => sum + phase.steps.length, 0);
  return (
    <section className="bg-surface border border-line rounded-lg p-5 grid gap-4" data-testid="plan">
      <div>
        <h2 className="text-lg font-semibold">What happens when you press Run</h2>
        <p className="text-ink-2 mt-1 max-w-[80ch] text-pretty">
          {plural(steps, "step")} in {plural(plan.length, "phase")} drive this server's own public API. Every
          step says what it did and what came out. The run goes on when you leave this page, and stays under
          Runs with proof that nothing was changed.
        </p>
      </div>
      <ol className="grid gap-x-8 gap-y-5 sm:grid-cols-2 xl:grid-cols-4">
        {plan.map((phase) => (
          <li key={phase.phase} className="grid gap-2 content-start border-t border-line pt-3">
            <h3 className="font-medium">{words(phase.phase)}</h3>
            <ol className="grid gap-2">
              {phase.steps.map((step) => (
                <li key={step.step} className="text-sm">
                  <span className="font-medium">{words(step.step)}</span>
                  <span className="block text-ink-2 text-pretty">{step.what}</span>
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
    </section>
  );
}
