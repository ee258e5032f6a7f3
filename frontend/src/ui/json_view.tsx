/** JSON as indented text. It never invents or hides a key. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="overflow-auto max-h-96 rounded-md border border-line bg-sunken p-3"
    >
      <pre className="font-mono text-xs whitespace-pre-wrap break-words">
        {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      </pre>
    </section>
  );
}
