import { type DragEvent, useState } from "react";
import { count } from "@/lib/format.ts";
import { type Check, checkBundle, type Report, Unreadable } from "@/lib/tlog/bundle.ts";
import { Button } from "@/ui/button.tsx";
import { LongTextField, TextField } from "@/ui/field.tsx";
import { Facts, Panel } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";

type Outcome = { report: Report } | { reason: string };

/** Checks a run's bundle in this browser. Nothing of it is sent anywhere, and no server is believed. */
export function CheckPage() {
  const [bundle, setBundle] = useState("");
  const [key, setKey] = useState("");
  const [checkpoint, setCheckpoint] = useState("");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const check = async (text: string) => {
    setBundle(text);
    setOutcome(await outcomeOf(text, key, checkpoint));
  };
  const drop = async (event: DragEvent) => {
    const file = event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    await check(await file.text());
  };
  return (
    <div className="grid gap-4 max-w-3xl min-w-0">
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">Check my run</h1>
        <p className="mt-1 text-sm text-ink-2 text-pretty">
          What <code className="font-mono">assay log prove RUN</code> prints is a run with its proof. It is
          checked here, in this browser: its frames, its place in the log of ends, and who signed that log.
        </p>
      </header>
      <Panel title="Bundle">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the field inside takes the same by keyboard */}
        <div
          className="grid gap-3"
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => void drop(event)}
        >
          <LongTextField label="Paste or drop a bundle" value={bundle} onChange={setBundle} rows={6} isCode />
          <TextField
            label="Key that must have signed"
            hint="From elsewhere, NAME+ID+KEY. Without one, a key that the bundle names is taken."
            value={key}
            onChange={setKey}
          />
          <LongTextField
            label="A checkpoint you kept"
            hint="Finds what was rewritten since."
            value={checkpoint}
            onChange={setCheckpoint}
            rows={4}
            isCode
          />
          <div>
            <Button kind="primary" disabled={bundle.trim() === ""} onClick={() => void check(bundle)}>
              Check
            </Button>
          </div>
        </div>
      </Panel>
      {outcome ? <Result outcome={outcome} /> : null}
    </div>
  );
}

async function outcomeOf(text: string, key: string, checkpoint: string): Promise<Outcome> {
  try {
    return { report: await checkBundle(text, { key, checkpoint }) };
  } catch (error) {
    if (error instanceof Unreadable) return { reason: error.message };
    return {
      reason:
        "This browser cannot check Ed25519 signatures here: take a newer one, over https or on this machine.",
    };
  }
}

function Result({ outcome }: { outcome: Outcome }) {
  if ("reason" in outcome) {
    return (
      <p role="alert" className="rounded-lg border border-line bg-fail-wash px-4 py-3 text-sm break-words">
        {outcome.reason}
      </p>
    );
  }
  const { report } = outcome;
  const holds = report.checks.every((check) => check.holds);
  return (
    <Panel title={holds ? "It holds" : "It does not hold"} isFlush>
      <ul className="divide-y divide-line" data-testid="log-check" data-holds={holds}>
        {report.checks.map((check) => (
          <Line key={check.name} check={check} />
        ))}
      </ul>
      <div className="p-4 border-t border-line">
        <Facts
          facts={[
            ["Run", <Long key="run" text={report.runId} />],
            ["Frames", count(report.frames)],
            ["Head", <Long key="head" text={report.head} />],
            ["Log", <Long key="log" text={report.checkpoint.origin} />],
            ["Entries in it", count(report.checkpoint.size)],
            ["Signed by", <Long key="signed" text={report.signedBy ?? "nobody that is known"} />],
            ["Also signed by", <Long key="others" text={report.witnesses.join(", ") || "nobody"} />],
          ]}
        />
      </div>
    </Panel>
  );
}

function Long({ text }: { text: string }) {
  return <code className="font-mono text-xs break-all">{text}</code>;
}

function Line({ check }: { check: Check }) {
  return (
    <li
      className="px-4 py-2 text-sm flex items-start gap-2"
      data-check={check.name}
      data-status={check.holds ? "pass" : "fail"}
    >
      <span className="shrink-0">
        <Glyph status={check.holds ? "pass" : "fail"} />
      </span>
      <span className="min-w-0 break-words">
        <span className="sr-only">{check.holds ? "holds: " : "does not hold: "}</span>
        {check.detail}
      </span>
    </li>
  );
}
