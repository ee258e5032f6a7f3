/** Shares as whole percents that add up to what the shares do, as the server rounds them: what rounding down leaves goes to those that lose most. */
export function percents(shares: readonly number[]): number[] {
  const parts = shares.map((share) => 100 * share);
  const whole = parts.map(Math.floor);
  const left =
    Math.round(parts.reduce((sum, part) => sum + part, 0)) - whole.reduce((sum, part) => sum + part, 0);
  const lost = (at: number) => (parts[at] ?? 0) - (whole[at] ?? 0);
  const order = parts.map((_, at) => at).sort((a, b) => lost(b) - lost(a) || a - b);
  const raised = new Set(order.slice(0, left));
  return whole.map((part, at) => part + (raised.has(at) ? 1 : 0));
}
