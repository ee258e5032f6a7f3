import { useState } from "react";
import { plural } from "@/lib/format.ts";
import type { ImageView } from "./block.ts";

/** The pictures of a call as they became sharper; the last one is the newest. */
export function Images({ images, name }: { images: readonly ImageView[]; name: string }) {
  if (images.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-3" aria-label={`Pictures of ${name}`}>
      {images.map((image) => (
        <li key={image.part} className="grid gap-1 content-start" data-image={image.url ? "whole" : "coming"}>
          <Picture image={image} name={name} />
          <span className="num text-xs text-ink-3">picture {image.part + 1}</span>
        </li>
      ))}
    </ul>
  );
}

const PLACE =
  "grid place-items-center size-40 rounded-md border border-line bg-sunken p-2 text-center text-xs text-ink-3";

/** Bytes that are no picture are said to be none: an empty frame would look like a blank one. */
function Picture({ image: { url, part, chunks, isComing }, name }: { image: ImageView; name: string }) {
  const [broken, setBroken] = useState<string | null>(null);
  if (url === null) return <span className={PLACE}>{soFar(chunks, isComing)}</span>;
  if (broken === url) return <span className={PLACE}>The recorded bytes are no picture.</span>;
  return (
    <img
      src={url}
      alt={`${name}, ${part + 1}`}
      onError={() => setBroken(url)}
      className="max-h-64 max-w-full rounded-md border border-line"
    />
  );
}

/** How much there is of what is not whole, and whether more comes. */
export function soFar(chunks: number, isComing: boolean): string {
  return isComing ? `${plural(chunks, "chunk")} of it so far` : `Only ${plural(chunks, "chunk")} of it came`;
}
