import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import clsx from "clsx";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import { runsQuery } from "@/features/runs/queries.ts";
import { shortId, words } from "@/lib/format.ts";
import { applyTheme, type Theme } from "@/lib/theme.ts";
import { Modal } from "@/ui/dialog.tsx";
import { PLACES } from "./places.ts";

interface Command {
  id: string;
  label: string;
  hint: string;
  run: () => void;
}

/** Everything reachable by typing a part of its name. */
export function Palette(props: { isOpen: boolean; onClose: () => void; onHelp: () => void }) {
  return (
    <Modal isOpen={props.isOpen} onClose={props.onClose} title="Go to" isTitleHidden>
      <Search {...props} />
    </Modal>
  );
}

function Search({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const commands = useCommands(onHelp);
  const found = useMemo(
    () => commands.filter((command) => matches(command, text)).slice(0, 12),
    [commands, text],
  );
  const at = Math.min(active, Math.max(0, found.length - 1));
  const choose = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setActive((at + by + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[at]);
    }
  };
  useEffect(() => {
    document.getElementById(`command-${found[at]?.id}`)?.scrollIntoView({ block: "nearest" });
  }, [found, at]);
  return (
    <div>
      <input
        // biome-ignore lint/a11y/noAutofocus: the palette is a dialog that exists to be typed into
        autoFocus
        role="combobox"
        aria-label="Search for a page, a run or an action"
        aria-expanded="true"
        aria-controls="commands"
        aria-activedescendant={found[at] ? `command-${found[at].id}` : undefined}
        placeholder="Search for a page, a run or an action"
        className="w-full h-12 px-4 bg-transparent border-b border-line text-lg outline-none placeholder:text-ink-3"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKey}
      />
      <div id="commands" role="listbox" aria-label="Results" className="p-1.5 max-h-80 overflow-auto">
        {found.map((command, each) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys for all of its options
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the input, which names its active option
          <div
            key={command.id}
            id={`command-${command.id}`}
            role="option"
            aria-selected={each === at}
            onClick={() => choose(command)}
            onMouseMove={() => setActive(each)}
            className={clsx(
              "flex items-center gap-3 h-9 px-2.5 rounded-md cursor-pointer",
              each === at && "bg-accent-wash",
            )}
          >
            <span className="truncate">{command.label}</span>
            <span className="ml-auto text-xs text-ink-2 whitespace-nowrap">{command.hint}</span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className="px-4 pb-4 text-ink-2">Nothing has “{text}” in its name.</p> : null}
    </div>
  );
}

function useCommands(onHelp: () => void): Command[] {
  const navigate = useNavigate();
  const runs = useQuery(runsQuery({}));
  return useMemo(() => {
    const theme = (value: Theme): Command => ({
      id: `theme-${value}`,
      label: `Theme: ${value}`,
      hint: "Action",
      run: () => applyTheme(value),
    });
    const places = PLACES.map(({ to, label, key }) => ({
      id: label,
      label,
      hint: `g ${key}`,
      run: () => void navigate({ to }),
    }));
    const recent = (runs.data?.items ?? []).map((run) => ({
      id: run.run_id,
      label: run.title ?? words(run.kind),
      hint: `${words(run.status)} · …${shortId(run.run_id)}`,
      run: () => void navigate({ to: "/runs/$runId", params: { runId: run.run_id } }),
    }));
    const help = { id: "help", label: "Keyboard help", hint: "?", run: onHelp };
    return [...places, ...recent, theme("light"), theme("dark"), theme("system"), help];
  }, [navigate, runs.data, onHelp]);
}

function matches(command: Command, text: string): boolean {
  const name = `${command.label} ${command.hint} ${command.id}`.toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => name.includes(word));
}
