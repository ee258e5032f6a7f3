import { useStatement } from "@/ui/model_name.tsx";
import { Glyph } from "@/ui/status.tsx";
import { cameOut, happened, trust } from "./glance.ts";
import type { Planned } from "./planned.ts";
import type { Playback } from "./playback.ts";
import type { RunTab } from "./tabs.ts";
import { useProof } from "./verified_badge.tsx";

/** The three questions that a reader of a run has, answered before any tab is opened. */
export function GlanceStrip(props: { playback: Playback; planned: Planned; onTab: (tab: RunTab) => void }) {
  const { playback, planned, onTab } = props;
  const { log, state, view, isAtEnd } = playback;
  const proof = useProof(log, state);
  const named = useStatement(planned);
  const came = cameOut(view, isAtEnd);
  const sentence = planned.length > 0 ? named(came.sentence) : came.sentence;
  return (
    <dl
      data-testid="glance"
      className="grid md:grid-cols-3 bg-surface border border-line rounded-lg divide-y md:divide-y-0 md:divide-x divide-line"
    >
      <Answer question="What happened?" {...happened(view)} way="See when" onWay={() => onTab("timeline")} />
      <Answer
        question="Can I trust it?"
        {...trust(proof)}
        way="See the proof"
        onWay={() => onTab("frames")}
      />
      <Answer
        question="What came out?"
        status={came.status}
        sentence={sentence}
        way="Read it"
        onWay={() => onTab("final")}
      />
    </dl>
  );
}

function Answer(props: {
  question: string;
  status: string;
  sentence: string;
  way: string;
  onWay: () => void;
}) {
  const { question, status, sentence, way, onWay } = props;
  return (
    <div className="px-4 py-2.5 min-w-0">
      <dt className="flex items-center justify-between gap-2 eyebrow">
        {question}
        <button
          type="button"
          onClick={onWay}
          className="normal-case tracking-normal font-normal text-accent hover:underline"
        >
          {way}
        </button>
      </dt>
      <dd className="mt-1 flex gap-2 text-sm">
        <span className="mt-px shrink-0">
          <Glyph status={status} />
        </span>
        <span className="block min-w-0 break-words text-pretty first-letter:uppercase">{sentence}</span>
      </dd>
    </div>
  );
}
