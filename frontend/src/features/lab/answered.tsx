import type { UseQueryResult } from "@tanstack/react-query";
import type { ComponentProps, ReactNode } from "react";
import { isUnknown, Unknown } from "@/features/runs/unknown.tsx";
import { Button } from "@/ui/button.tsx";
import { Loading } from "@/ui/panel.tsx";
import { ProblemNote } from "@/ui/problem_note.tsx";

/** What was asked for, once it is there; before that that it is waited for, or why it does not come. */
export function Answered<T>(props: {
  query: UseQueryResult<T, Error>;
  label: string;
  /** What a whole page is about: without it there is no page. */
  page?: ComponentProps<typeof Unknown>["what"];
  children: (data: T) => ReactNode;
}) {
  const { query, label, page, children } = props;
  if (query.data !== undefined) return children(query.data);
  if (!query.error) return <Loading label={label} lines={page ? 6 : 4} />;
  if (page && isUnknown(query.error)) return <Unknown what={page} error={query.error} />;
  return (
    <div className="p-3">
      <ProblemNote
        error={query.error}
        action={
          <Button size="sm" onClick={() => void query.refetch()}>
            Try again
          </Button>
        }
      />
    </div>
  );
}
