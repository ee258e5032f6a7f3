/** The server's sentences call models by their types; a page calls them by their names. */

/** A sentence with the models' names for people in place of these types. */
export function withNames(
  sentence: string,
  types: readonly string[],
  nameOf: (type: string) => string,
): string {
  if (types.length === 0) return sentence;
  return sentence.replace(new RegExp(`\\b(?:${types.join("|")})\\b`, "g"), nameOf);
}

/** Those of the known types that sentences list with a reason in brackets: some types are words that mean something else too. */
export function listedTypes(sentences: readonly string[], known: readonly string[]): string[] {
  const listed = new Set(
    sentences.flatMap((text) => [...text.matchAll(/\b(\w+) \(/g)].map(([, word]) => word)),
  );
  return known.filter((type) => listed.has(type));
}
