/** The colour theme: the user's choice, kept in storage, with the system's as the default. */

export type Theme = "light" | "dark" | "system";

/** Read again by `public/theme.js` before the first paint. */
const KEY = "assay.theme";

export function storedTheme(storage: Pick<Storage, "getItem"> = localStorage): Theme {
  try {
    const value = storage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

export function applyTheme(theme: Theme, root: HTMLElement = document.documentElement): void {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // A blocked storage only means that the choice ends with the tab.
  }
  window.dispatchEvent(new CustomEvent("assay:theme"));
}

/** Calls back when the painted colours change, whoever caused it; a canvas must be drawn again then. */
export function onThemeChange(listener: () => void): () => void {
  const system = window.matchMedia?.("(prefers-color-scheme: dark)");
  window.addEventListener("assay:theme", listener);
  system?.addEventListener("change", listener);
  return () => {
    window.removeEventListener("assay:theme", listener);
    system?.removeEventListener("change", listener);
  };
}
