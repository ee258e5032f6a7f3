import clsx from "clsx";
import type { ComponentProps } from "react";

type Kind = "primary" | "plain" | "quiet" | "danger";

const KINDS: Record<Kind, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong border-transparent font-medium",
  plain: "bg-surface text-ink hover:bg-hover border-line-strong",
  quiet: "bg-transparent text-ink-2 hover:bg-hover hover:text-ink border-transparent",
  danger: "bg-surface text-fail hover:bg-fail-wash border-line-strong",
};

interface Props extends ComponentProps<"button"> {
  kind?: Kind;
  size?: "sm" | "md" | "icon";
}

export function buttonClass(kind: Kind = "plain", size: Props["size"] = "md"): string {
  return clsx(
    "inline-flex items-center justify-center gap-1.5 rounded-md border whitespace-nowrap transition-colors",
    "disabled:opacity-55 disabled:pointer-events-none [&_svg]:size-3.5 [&_svg]:shrink-0",
    size === "sm" && "h-7 px-2 text-sm",
    size === "md" && "h-8 px-3 text-sm",
    size === "icon" && "size-7",
    KINDS[kind],
  );
}

export function Button({ kind = "plain", size = "md", className, type = "button", ...rest }: Props) {
  return <button type={type} className={clsx(buttonClass(kind, size), className)} {...rest} />;
}
