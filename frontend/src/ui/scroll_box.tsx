import clsx from "clsx";
import { type ReactNode, useEffect, useRef, useState } from "react";

/**
 * What may be wider than its place scrolls within it, by keyboard too. An edge with a shadow says on which side there is
 * more: a bar that a system hides until it is used says nothing.
 */
export function ScrollBox(props: { label: string; className?: string; children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const [more, setMore] = useState({ before: false, after: false });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element;
      // A pixel is what rounding leaves.
      setMore({ before: scrollLeft > 1, after: scrollLeft + clientWidth < scrollWidth - 1 });
    };
    const sizes = new ResizeObserver(look);
    for (const each of [element, ...element.children]) sizes.observe(each);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  return (
    <div className={clsx("relative min-w-0", props.className)}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section ref={box} aria-label={props.label} tabIndex={0} className="overflow-x-auto">
        {props.children}
      </section>
      {more.before ? <span aria-hidden data-more="before" className="scroll-edge left-0" /> : null}
      {more.after ? <span aria-hidden data-more="after" className="scroll-edge right-0 rotate-180" /> : null}
    </div>
  );
}
