/** What an address may say: anything else in it is ignored, never an error. */

export function text(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function positive(value: unknown): number | undefined {
  const number = Number(value);
  return value !== "" && Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

export function natural(value: unknown): number | undefined {
  return value === 0 || value === "0" ? 0 : positive(value);
}

export function isTrue(value: unknown): true | undefined {
  return value === true || value === "true" || undefined;
}
