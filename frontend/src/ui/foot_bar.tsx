import type { ReactNode } from "react";

interface Props {
  label: string;
  children: ReactNode;
  /** How what is in it is laid out. */
  className: string;
}

/** A bar at the foot of the window, not of the page: what it moves may be longer or shorter at every frame. */
export function FootBar({ label, children, className }: Props) {
  return (
    <section
      aria-label={label}
      className="fixed bottom-0 inset-x-0 md:left-[12.5rem] z-10 px-2 sm:px-6 lg:px-8 max-w-[88rem] pointer-events-none"
    >
      <div
        className={`pointer-events-auto bg-raised border border-line rounded-t-lg shadow-pop px-3 py-2 ${className}`}
      >
        {children}
      </div>
    </section>
  );
}
