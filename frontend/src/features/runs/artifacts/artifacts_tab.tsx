import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import clsx from "clsx";
import { useState } from "react";
import type { Artifact, RunDetail } from "@/api/types.ts";
import { bytes, count, words } from "@/lib/format.ts";
import { buttonClass } from "@/ui/button.tsx";
import { Empty, Panel } from "@/ui/panel.tsx";
import type { Playback } from "../playback.ts";
import { ArtifactContent, DigestCheck, typeWords } from "./artifact_content.tsx";
import { contentQuery } from "./artifact_queries.ts";
import { artifactsAt } from "./artifacts_at.ts";
import { DownloadButton } from "./download_button.tsx";

/** What the run has left behind by the moment that is shown, with a look into each. */
export function ArtifactsTab({ run, playback }: { run: RunDetail; playback: Playback }) {
  const { log, seq, isAtEnd } = playback;
  const artifacts = artifactsAt(log.transcriptAt(seq), run, isAtEnd);
  const [chosen, choose] = useState<string | null>(null);
  const artifact = artifacts.find(({ artifact_id }) => artifact_id === chosen) ?? artifacts[0];
  if (!artifact) {
    return (
      <Empty title={isAtEnd ? "No artifacts" : "No artifacts at this moment"}>
        {isAtEnd
          ? "The run has left nothing behind. One that succeeds always leaves its metrics."
          : `By frame ${count(seq)} the run had left nothing behind; later frames may.`}
      </Empty>
    );
  }
  return (
    <div className="grid gap-4 lg:grid-cols-[16rem_minmax(0,1fr)] items-start" data-testid="artifacts">
      <Panel title={`Artifacts (${count(artifacts.length)})`} isFlush>
        <ul className="divide-y divide-line">
          {artifacts.map((each) => (
            <li key={each.artifact_id}>
              <Choice
                artifact={each}
                isChosen={each === artifact}
                onChoose={() => choose(each.artifact_id)}
              />
            </li>
          ))}
        </ul>
      </Panel>
      <Preview key={artifact.artifact_id} artifact={artifact} />
    </div>
  );
}

function Choice(props: { artifact: Artifact; isChosen: boolean; onChoose: () => void }) {
  const { artifact, isChosen, onChoose } = props;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onChoose}
      className={clsx("w-full text-left px-4 py-2 text-sm", isChosen ? "bg-accent-wash" : "hover:bg-hover")}
    >
      <span className="block font-medium break-words">{words(artifact.name)}</span>
      <span className="block num text-xs text-ink-2">
        {typeWords(artifact.media_type)} · {bytes(artifact.size_bytes)}
      </span>
    </button>
  );
}

function Preview({ artifact }: { artifact: Artifact }) {
  const looked = useQuery(contentQuery(artifact));
  const { artifact_id: artifactId, name } = artifact;
  return (
    <div className="grid gap-3 min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-lg font-semibold break-words">{words(name)}</h2>
        <span className="text-sm">
          <DigestCheck artifact={artifact} looked={looked} />
        </span>
        <span className="ml-auto flex gap-2">
          <Link to="/artifacts/$artifactId" params={{ artifactId }} className={buttonClass("plain", "sm")}>
            Open
          </Link>
          <DownloadButton artifactId={artifactId} name={name} size="sm" />
        </span>
      </div>
      <ArtifactContent artifact={artifact} looked={looked} />
    </div>
  );
}
