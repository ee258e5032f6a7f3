import { FileUp, X } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { bytes, count } from "@/lib/format.ts";
import type { Check } from "@/lib/tlog/bundle.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { LongTextField, TextField } from "@/ui/field.tsx";
import { Facts, Panel, ProgressBar } from "@/ui/panel.tsx";
import { Glyph } from "@/ui/status.tsx";
import { check } from "./check.ts";
import type { Asked, Outcome } from "./check_worker.ts";

/** Checks a run's bundle in this browser. Nothing of it is sent anywhere, and no server is believed. */
export function CheckPage() {
  const [text, setText] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [key, setKey] = useState("");
  const [checkpoint, setCheckpoint] = useState("");
  const { outcome, fraction, start } = useCheck();
  // A file may be larger than a field can show, and stays where it is.
  const take = (chosen: File | undefined) => {
    if (!chosen) return;
    setFile(chosen);
    start({ bundle: chosen, key, checkpoint });
  };
  const drop = (event: DragEvent) => {
    if (event.dataTransfer.files.length > 0) event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  return (
    <div className="grid gap-4 max-w-3xl min-w-0">
      <Intro />
      <Panel title="Bundle">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the fields inside take the same by keyboard */}
        <div className="grid gap-3" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
          {file ? (
            <Chosen file={file} onLeave={() => setFile(null)} />
          ) : (
            <>
              <LongTextField label="Paste or drop a bundle" value={text} onChange={setText} rows={6} isCode />
              <ChooseFile onFile={take} />
            </>
          )}
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
            <Button
              kind="primary"
              disabled={file === null && text.trim() === ""}
              onClick={() => start({ bundle: file ?? new Blob([text]), key, checkpoint })}
            >
              Check
            </Button>
          </div>
        </div>
      </Panel>
      {fraction === null ? null : <Progress fraction={fraction} />}
      {outcome ? <Result outcome={outcome} /> : null}
    </div>
  );
}

function Intro() {
  return (
    <header>
      <h1 className="text-2xl font-semibold tracking-tight">Check my run</h1>
      <p className="mt-1 text-sm text-ink-2 text-pretty">
        What <code className="font-mono">assay log prove RUN</code> prints is a run with its proof. It is
        checked here, in this browser: its frames, its place in the log of ends, and who signed that log.
      </p>
    </header>
  );
}

/** One check at a time: a new one ends the one before it. */
function useCheck() {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [fraction, setFraction] = useState<number | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = (asked: Asked) => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setOutcome(null);
    setFraction(0);
    void check(asked, { signal: stop.signal, onProgress: setFraction }).then((found) => {
      setFraction(null);
      setOutcome(found);
    });
  };
  return { outcome, fraction, start };
}

function Progress({ fraction }: { fraction: number }) {
  return (
    <div className="grid gap-1">
      <p role="status" className="text-sm text-ink-2">
        Checking
      </p>
      <ProgressBar fraction={fraction} label="Frames that are checked" />
    </div>
  );
}

function ChooseFile({ onFile }: { onFile: (file: File | undefined) => void }) {
  return (
    <label
      className={`${buttonClass("plain", "sm")} w-fit cursor-pointer has-focus-visible:outline-2 outline-accent`}
    >
      <FileUp aria-hidden /> Choose a file
      <input type="file" className="sr-only" onChange={(event) => onFile(event.target.files?.[0])} />
    </label>
  );
}

function Chosen({ file, onLeave }: { file: File; onLeave: () => void }) {
  return (
    <p className="flex items-center gap-2 text-sm min-w-0">
      <span className="font-medium break-all">{file.name}</span>
      <span className="num text-ink-3 whitespace-nowrap">{bytes(file.size)}</span>
      <Button size="icon" kind="quiet" aria-label={`Leave ${file.name}`} onClick={onLeave}>
        <X aria-hidden />
      </Button>
    </p>
  );
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
