import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { announce } from "@/lib/announce.ts";
import { Button } from "./button.tsx";

/** Copies a text and says so, to the eye and to a screen reader. */
export function CopyButton({
  text,
  label,
  isBare = false,
}: {
  text: string;
  label: string;
  isBare?: boolean;
}) {
  const [isDone, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    announce(`${label}: copied`);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  const icon = isDone ? <Check aria-hidden /> : <Copy aria-hidden />;
  return isBare ? (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={copy}
      className="inline-grid place-items-center size-5 align-middle rounded-sm text-ink-3 hover:text-ink hover:bg-hover [&_svg]:size-3"
    >
      {icon}
    </button>
  ) : (
    <Button size="sm" onClick={copy}>
      {icon}
      {label}
    </Button>
  );
}
