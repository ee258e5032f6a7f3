import { DIFF_KEYS } from "@/features/runs/diff/diff_keys.ts";
import { RUN_KEYS } from "@/features/runs/run_keys.ts";
import { Modal } from "@/ui/dialog.tsx";
import { PLACES } from "./places.ts";

const GROUPS: readonly [string, readonly (readonly [string, string])[]][] = [
  [
    "Everywhere",
    [
      ["Ctrl K or ⌘ K", "Go to a page, a run or an action"],
      [`g then ${PLACES.map(({ key }) => key).join(", ")}`, PLACES.map(({ label }) => label).join(", ")],
      ["?", "This help"],
    ],
  ],
  ["On a run", RUN_KEYS.map(({ shown, what }) => [shown, what] as const)],
  ["On two runs, compared", DIFF_KEYS.map(({ shown, what }) => [shown, what] as const)],
];

export function KeyboardHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal isOpen={isOpen} onClose={onClose} title="Keyboard">
      <div className="px-5 pb-5 pt-3 grid gap-4">
        {GROUPS.map(([name, keys]) => (
          <section key={name}>
            <h3 className="eyebrow mb-1.5">{name}</h3>
            <dl className="grid grid-cols-[9rem_1fr] gap-y-1.5 text-sm">
              {keys.map(([key, what]) => (
                <div key={key} className="contents">
                  <dt>
                    <kbd className="font-mono text-xs bg-sunken border border-line rounded-sm px-1.5 py-0.5">
                      {key}
                    </kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
