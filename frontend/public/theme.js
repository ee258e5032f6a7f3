// Runs before the first paint so that a chosen theme never flashes the other one; keep the key equal to src/lib/theme.ts.
try {
  const choice = localStorage.getItem("assay.theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
} catch {
  // Storage may be blocked; the system theme applies then.
}
