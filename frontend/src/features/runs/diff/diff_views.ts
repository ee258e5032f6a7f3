/** What of a comparison of two runs is shown, as its address says it. */
export const DIFF_VIEWS = ["rows", "transcripts", "table"] as const;
type DiffView = (typeof DIFF_VIEWS)[number];

export interface DiffChoices {
  seq?: number | undefined;
  view?: DiffView | undefined;
  all?: true | undefined;
  times?: true | undefined;
  ids?: true | undefined;
}
