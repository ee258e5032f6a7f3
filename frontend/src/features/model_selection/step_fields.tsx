import { NumberField } from "@/ui/field.tsx";

/** How far to look ahead, and how long a season is. */
export function StepFields(props: {
  horizon: number | null;
  /** Undefined: nobody is asked. */
  season: number | null | undefined;
  maxHorizon: number;
  /** What an empty season means. */
  unsaid: string;
  onChange: (change: { horizon: number | null } | { season: number | null }) => void;
}) {
  const { horizon, season, maxHorizon, unsaid, onChange } = props;
  return (
    <>
      <NumberField
        label="Horizon"
        hint={`Steps to forecast, 1 to ${maxHorizon}`}
        value={horizon}
        onChange={(next) => onChange({ horizon: next })}
        min={1}
        max={maxHorizon}
      />
      {season === undefined ? null : (
        <NumberField
          label="Season"
          hint={`Steps in a season; empty: ${unsaid}`}
          value={season}
          onChange={(next) => onChange({ season: next })}
          min={1}
          max={365}
          placeholder="auto"
        />
      )}
    </>
  );
}
