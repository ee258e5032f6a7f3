import { Menu } from "@base-ui/react/menu";
import { Tooltip } from "@base-ui/react/tooltip";
import { Link, Outlet } from "@tanstack/react-router";
import clsx from "clsx";
import { Keyboard, Monitor, Moon, Search, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { onAnnounce } from "@/lib/announce.ts";
import { applyTheme, storedTheme, type Theme } from "@/lib/theme.ts";
import { Button } from "@/ui/button.tsx";
import { KeyboardHelp } from "./keyboard_help.tsx";
import { Palette } from "./palette.tsx";
import { PLACES } from "./places.ts";
import { useShortcuts } from "./shortcuts.ts";

/** What stays around every page. */
export function Shell() {
  const [open, setOpen] = useState<"palette" | "help" | null>(null);
  useShortcuts({ onPalette: () => setOpen("palette"), onHelp: () => setOpen("help") });
  return (
    <Tooltip.Provider delay={200}>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:top-2 focus:left-2 focus:bg-raised focus:px-3 focus:py-2 focus:rounded-md focus:shadow-pop"
      >
        Skip to the content
      </a>
      <div className="min-h-dvh md:grid md:grid-cols-[12.5rem_minmax(0,1fr)]">
        <aside className="max-md:sticky max-md:top-0 max-md:z-20 md:sticky md:top-0 md:h-dvh bg-canvas border-line max-md:border-b md:border-r flex md:flex-col items-center md:items-stretch gap-1 px-3 max-sm:px-2 py-2 md:py-4">
          <Brand />
          <nav aria-label="Main" className="flex md:flex-col gap-0.5 max-sm:gap-0 md:mt-5 max-md:ml-auto">
            {PLACES.map(({ to, label, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                className="flex items-center gap-2.5 h-8 px-2 max-sm:px-1 rounded-md text-ink-2 hover:bg-hover hover:text-ink"
                activeProps={{ className: "!text-ink bg-hover font-medium", "aria-current": "page" }}
              >
                <Icon className="size-4 max-sm:hidden" strokeWidth={1.75} aria-hidden />
                {label}
              </Link>
            ))}
          </nav>
          <div className="md:mt-auto flex md:justify-between items-center gap-1">
            <ThemeMenu />
            <Button
              kind="quiet"
              size="icon"
              className="max-md:hidden"
              aria-label="Keyboard help"
              title="Keyboard help (?)"
              onClick={() => setOpen("help")}
            >
              <Keyboard aria-hidden />
            </Button>
          </div>
        </aside>
        <div className="min-w-0">
          <header className="max-md:hidden flex items-center justify-end h-12 px-6 lg:px-8">
            <button
              type="button"
              onClick={() => setOpen("palette")}
              className="flex items-center gap-2 h-8 w-64 px-2.5 rounded-md border border-line bg-surface text-sm text-ink-3 hover:border-line-strong"
            >
              <Search className="size-3.5" aria-hidden /> Go to…
              <kbd className="ml-auto font-mono text-xs">{isMac() ? "⌘K" : "Ctrl K"}</kbd>
            </button>
          </header>
          <main
            id="main"
            tabIndex={-1}
            className="outline-none px-4 max-md:pt-5 sm:px-6 lg:px-8 pb-10 max-w-[88rem]"
          >
            <Outlet />
          </main>
        </div>
      </div>
      <LiveRegion />
      <Palette isOpen={open === "palette"} onClose={() => setOpen(null)} onHelp={() => setOpen("help")} />
      <KeyboardHelp isOpen={open === "help"} onClose={() => setOpen(null)} />
    </Tooltip.Provider>
  );
}

function Brand() {
  return (
    <Link to="/showcase" className="flex items-center gap-2 px-2 h-8">
      <span
        aria-hidden
        className="hallmark size-5 bg-accent text-on-accent grid place-items-center text-xs font-bold leading-none"
      >
        A
      </span>
      <span className="text-lg font-semibold tracking-tight max-sm:sr-only">Assay</span>
    </Link>
  );
}

const THEMES: readonly { value: Theme; label: string; icon: typeof Sun }[] = [
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
  { value: "system", label: "System", icon: Monitor },
];

function ThemeMenu() {
  const [theme, setTheme] = useState<Theme>(() => storedTheme());
  const Icon = THEMES.find((each) => each.value === theme)?.icon ?? Monitor;
  return (
    <Menu.Root>
      <Menu.Trigger render={<Button kind="quiet" size="icon" />} aria-label={`Theme: ${theme}`} title="Theme">
        <Icon aria-hidden />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} className="z-50">
          <Menu.Popup className="bg-raised border border-line rounded-md shadow-pop p-1 min-w-32 outline-none">
            <Menu.RadioGroup
              value={theme}
              onValueChange={(value: Theme) => {
                setTheme(value);
                applyTheme(value);
              }}
            >
              {THEMES.map(({ value, label, icon: Each }) => (
                <Menu.RadioItem
                  key={value}
                  value={value}
                  className={clsx(
                    "flex items-center gap-2 h-7 px-2 rounded-sm text-sm cursor-pointer data-[highlighted]:bg-hover outline-none",
                    value === theme && "font-medium",
                  )}
                >
                  <Each className="size-3.5" aria-hidden /> {label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

/** Never re-created: a screen reader listens to the element, not to the text. */
function LiveRegion() {
  const [message, setMessage] = useState("");
  useEffect(() => onAnnounce(setMessage), []);
  return (
    <div aria-live="polite" role="status" className="sr-only" data-testid="live-region">
      {message}
    </div>
  );
}

function isMac(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}
