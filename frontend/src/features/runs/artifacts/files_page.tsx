import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileUp } from "lucide-react";
import type { DragEvent } from "react";
import type { Artifact } from "@/api/types.ts";
import { bytes } from "@/lib/format.ts";
import { Button, buttonClass } from "@/ui/button.tsx";
import { Empty, Loading, Panel } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";
import { When } from "@/ui/time.tsx";
import { typeWords } from "./artifact_content.tsx";
import { CopyLinkButton, DownloadButton } from "./download_button.tsx";
import { filesQuery, sendFile } from "./file_queries.ts";

/** What people have sent in: files that no run made, for agents to name and for others to load. */
export function FilesPage() {
  const files = useInfiniteQuery(filesQuery());
  const queries = useQueryClient();
  const sent = useMutation({
    mutationFn: sendFile,
    onSuccess: () => queries.invalidateQueries({ queryKey: filesQuery().queryKey }),
  });
  const send = (file: File | undefined) => file && sent.mutate(file);
  const drop = (event: DragEvent) => {
    if (event.dataTransfer.files.length > 0) event.preventDefault();
    send(event.dataTransfer.files[0]);
  };
  const items = files.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside takes the same by keyboard
    <div className="grid gap-4 max-w-4xl" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <header className="flex flex-wrap items-end gap-3">
        <div className="mr-auto min-w-0">
          <h1 className="text-2xl font-semibold tracking-tight">Files</h1>
          <p className="text-ink-2 text-pretty">
            What was sent in here. A run names a file by its id; whoever has a link to it has it for a while.
          </p>
        </div>
        <ChooseFile isSending={sent.isPending} onFile={send} />
      </header>
      {sent.error ? <ProblemNote error={sent.error} title="The file was not kept" /> : null}
      {sent.data ? <Kept file={sent.data} /> : null}
      {files.error ? <ProblemNote error={files.error} /> : null}
      {files.isPending ? <Loading label="Loading the files" /> : null}
      {files.data && items.length === 0 ? (
        <Empty title="No files yet">
          Choose a file, or drop one anywhere on this page. The same bytes are kept once, however often they
          come.
        </Empty>
      ) : null}
      {items.length > 0 ? (
        <Panel title="Newest first" isFlush>
          <ul className="divide-y divide-line" data-testid="files">
            {items.map((file) => (
              <FileRow key={file.artifact_id} file={file} />
            ))}
          </ul>
        </Panel>
      ) : null}
      {files.hasNextPage ? (
        <Button disabled={files.isFetchingNextPage} onClick={() => files.fetchNextPage()}>
          Older
        </Button>
      ) : null}
    </div>
  );
}

function ChooseFile(props: { isSending: boolean; onFile: (file: File | undefined) => void }) {
  const { isSending, onFile } = props;
  return (
    <label
      className={`${buttonClass("primary")} cursor-pointer has-focus-visible:outline-2 has-disabled:opacity-55 outline-accent`}
    >
      <FileUp aria-hidden /> {isSending ? "Sending…" : "Send a file"}
      <input
        type="file"
        className="sr-only"
        disabled={isSending}
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
    </label>
  );
}

function Kept({ file }: { file: Artifact }) {
  return (
    <p role="status" className="rounded-lg border border-line bg-pass-wash px-4 py-2 text-sm break-words">
      Kept as{" "}
      <Link
        to="/artifacts/$artifactId"
        params={{ artifactId: file.artifact_id }}
        className="font-medium text-accent hover:underline"
      >
        {file.name}
      </Link>
      .
    </p>
  );
}

function FileRow({ file }: { file: Artifact }) {
  const { artifact_id: artifactId, name, media_type, size_bytes, created_at } = file;
  return (
    <li className="px-4 py-2.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <div className="min-w-0 flex-1 basis-60">
        <Link
          to="/artifacts/$artifactId"
          params={{ artifactId }}
          className="font-medium text-accent hover:underline break-words"
        >
          {name}
        </Link>
        <p className="num text-xs text-ink-3">
          {typeWords(media_type)} · {bytes(size_bytes)} · <When at={created_at} />
        </p>
      </div>
      <CopyLinkButton artifactId={artifactId} size="sm" />
      <DownloadButton artifactId={artifactId} name={name} size="sm" />
    </li>
  );
}
