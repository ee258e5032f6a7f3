/** Those of the known types that sentences list with a reason in brackets: some types are words that mean something else too. */
export function listedTypes(sentences: readonly string[], known: readonly string[]): string[] {
  const listed = new Set(
    sentences.flatMap((text) => [...text.matchAll(/\b(\w+) \(/g)].map(([, word]) => word)),
  );
  return known.filter((type) => listed.has(type));
}
