/** A sentence of the server's: what it quotes in backticks, as values and names of fields are, is set as code. */
export function Quoted({ text }: { text: string }) {
  return text.split(/`([^`]+)`/).map((part, at) =>
    // Every second part stood between two of them.
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence do not move
      <code key={at} className="font-mono text-[0.92em] break-words">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
