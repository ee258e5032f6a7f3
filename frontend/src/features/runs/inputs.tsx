import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { RunDetail } from "@/api/types.ts";
import { shortDigest, shortId, words } from "@/lib/format.ts";

type Input = RunDetail["inputs"][number];

/** What a run was made from, each with its digest and the way to it. */
export function InputList({ inputs }: { inputs: readonly Input[] }) {
  if (inputs.length === 0) {
    return (
      <p className="px-4 py-3 text-sm text-ink-3">None. It was not given any data set or artifact by name.</p>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {inputs.map((input) => (
        <li key={`${input.role}${input.id}`} className="px-4 py-2 text-sm grid gap-0.5">
          <span className="font-medium">
            <InputLink input={input}>{words(input.role)}</InputLink>
          </span>
          <span className="text-xs text-ink-3 font-mono truncate" title={input.digest}>
            …{shortId(input.id)} · {shortDigest(input.digest)}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** To the page of the thing, where it has one. */
export function InputLink(props: {
  input: Pick<Input, "source" | "id">;
  className?: string;
  children: ReactNode;
}) {
  const { input, className = LINK, children } = props;
  const { source, id } = input;
  const rest = { className, children };
  if (source === "artifact") {
    return <Link to="/artifacts/$artifactId" params={{ artifactId: id }} {...rest} />;
  }
  if (source === "run") return <Link to="/runs/$runId" params={{ runId: id }} {...rest} />;
  // The lab's things say of what sort they are before their id.
  const [sort, own = ""] = id.split("/");
  if (sort === "tournament") {
    return <Link to="/lab/tournaments/$tournamentId" params={{ tournamentId: own }} {...rest} />;
  }
  if (sort === "state") return <Link to="/lab/states/$stateId" params={{ stateId: own }} {...rest} />;
  if (sort === "snapshot") {
    return <Link to="/lab/snapshots/$snapshotId" params={{ snapshotId: own }} {...rest} />;
  }
  return <span className={className === LINK ? undefined : className}>{children}</span>;
}

const LINK = "text-accent hover:underline";
