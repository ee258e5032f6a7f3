import type { SeasonFiles } from "@/api/lab.ts";
import { TextField } from "@/ui/field.tsx";

type FinalFour = NonNullable<SeasonFiles["final_four"]>;

const PLACES = ["top_left", "bottom_left", "top_right", "bottom_right"] as const;

export const NO_FINAL_FOUR: FinalFour = { top_left: "", bottom_left: "", top_right: "", bottom_right: "" };

/** `null` while a region is missing. */
export function finalFourOf(value: FinalFour): FinalFour | null {
  return PLACES.every((place) => value[place].trim() !== "") ? value : null;
}

/** Which regions meet in the semi-finals, where the field has four. */
export function FinalFourFields(props: {
  value: FinalFour;
  isAsked: boolean;
  onChange: (value: FinalFour) => void;
}) {
  const { value, isAsked, onChange } = props;
  return (
    <details open={isAsked || undefined}>
      <summary className="text-sm font-medium">Semi-finals of regions</summary>
      <div className="grid grid-cols-2 gap-3 pt-2">
        {PLACES.map((place, at) => (
          <TextField
            key={place}
            label={`Semi-final ${at < 2 ? 1 : 2}, ${at % 2 === 0 ? "first" : "second"}`}
            value={value[place]}
            onChange={(region) => onChange({ ...value, [place]: region })}
          />
        ))}
      </div>
    </details>
  );
}
