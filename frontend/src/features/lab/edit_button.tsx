import { useMutation } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { type FormEvent, useState } from "react";
import { asProblem, fieldMessage } from "@/api/problem.ts";
import { announce } from "@/lib/announce.ts";
import { Button } from "@/ui/button.tsx";
import { Modal } from "@/ui/dialog.tsx";
import { LongTextField, NumberField, TextField } from "@/ui/field.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";

/** One thing that may be changed, and what changing it to a value means on the wire. */
export type EditField<C> = { key: string; label: string; hint?: string } & (
  | {
      kind: "text";
      value: string;
      maxLength: number;
      isLong?: boolean;
      isRequired?: boolean;
      put: (value: string) => C;
    }
  | { kind: "number"; value: number; max?: number; put: (value: number) => C }
);

interface Props<C> {
  /** What the window is called: `Edit the cohort`. */
  title: string;
  /** The version that the values are of. */
  version: number;
  fields: readonly EditField<C>[];
  save: (version: number, change: C) => Promise<unknown>;
  /** Somebody has changed it meanwhile: it is to be asked for again. */
  onStale: () => void;
}

/** Opens a window in which a thing is changed. Only what was changed is sent; what another changed meanwhile is said. */
export function EditButton<C extends object>(props: Props<C>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        <Pencil aria-hidden /> Edit
      </Button>
      <Modal isOpen={isOpen} onClose={() => setOpen(false)} title={props.title}>
        <EditForm {...props} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

type Value = string | number | null;

function EditForm<C extends object>(props: Props<C> & { onDone: () => void }) {
  const { title, version, fields, save, onStale, onDone } = props;
  const [read] = useState(() => ({ version, values: valuesOf(fields) }));
  const [draft, setDraft] = useState(read.values);
  const edit = useMutation({
    mutationFn: (base: number) => save(base, changeOf(fields, read.values, draft)),
    onSuccess: () => {
      announce(`${title}: saved`);
      onDone();
    },
    onError: (error) => {
      if (isStale(error)) onStale();
    },
  });
  const isChanged = fields.some(({ key }) => draft.get(key) !== read.values.get(key));
  const isWhole = fields.every((field) => isGood(field, draft.get(field.key) ?? null));
  const stale = edit.error && isStale(edit.error) ? edit.error : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isChanged && isWhole) edit.mutate(stale ? version : read.version);
  };
  return (
    <form className="grid gap-3 p-5" onSubmit={submit}>
      {fields.map((field) => (
        <Input
          key={field.key}
          field={field}
          value={draft.get(field.key) ?? null}
          onChange={(value) => setDraft(new Map(draft).set(field.key, value))}
          error={fieldMessage(edit.error, field.key)}
        />
      ))}
      {stale ? <Stale fields={fields} read={read.values} /> : null}
      {edit.error && !stale ? <ProblemNote error={edit.error} shown={fields.map(({ key }) => key)} /> : null}
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Leave as it is</Button>
        <Button kind="primary" type="submit" disabled={!isChanged || !isWhole || edit.isPending}>
          {edit.isPending ? "Saving…" : stale ? "Save mine over it" : "Save"}
        </Button>
      </div>
    </form>
  );
}

function Input<C>(props: {
  field: EditField<C>;
  value: Value;
  onChange: (value: Value) => void;
  error: string | null;
}) {
  const { field, value, onChange, error } = props;
  const { label, hint } = field;
  if (field.kind === "number") {
    const number = typeof value === "number" ? value : null;
    return <NumberField {...{ label, hint, error, onChange }} min={1} max={field.max} value={number} />;
  }
  const text = { label, hint, error, onChange, maxLength: field.maxLength, value: String(value ?? "") };
  return field.isLong ? <LongTextField {...text} /> : <TextField {...text} />;
}

/** Nobody's words are lost in silence: what stands there now is said before anything is put over it. */
function Stale<C>({ fields, read }: { fields: readonly EditField<C>[]; read: ReadonlyMap<string, Value> }) {
  const others = fields.filter(({ key, value }) => value !== read.get(key));
  return (
    <div role="alert" className="rounded-lg border border-line bg-warn-wash px-4 py-3 text-sm grid gap-1">
      <strong className="text-warn font-semibold">Somebody has changed it since you opened it</strong>
      {others.map(({ key, label, value }) => (
        <p key={key} className="break-words">
          {label} is now “{value === "" ? "empty" : value}”.
        </p>
      ))}
      <p className="text-ink-2">What you did not touch stays as they left it.</p>
    </div>
  );
}

function isStale(error: unknown): boolean {
  return asProblem(error).status === 412;
}

function isGood<C>(field: EditField<C>, value: Value): boolean {
  if (field.kind === "text") return !field.isRequired || String(value).trim() !== "";
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= (field.max ?? value);
}

function valuesOf<C>(fields: readonly EditField<C>[]): ReadonlyMap<string, Value> {
  return new Map(fields.map(({ key, value }) => [key, value]));
}

/** What was touched, as the contract has it. */
function changeOf<C extends object>(
  fields: readonly EditField<C>[],
  read: ReadonlyMap<string, Value>,
  draft: ReadonlyMap<string, Value>,
): C {
  const parts = fields.flatMap((field) => {
    const value = draft.get(field.key);
    if (value === read.get(field.key)) return [];
    if (field.kind === "text") return [field.put(String(value ?? "").trim())];
    return typeof value === "number" ? [field.put(value)] : [];
  });
  return Object.assign({}, ...parts);
}
