import { FilesPage } from "@/features/runs/artifacts/files_page.tsx";
import { useTitle } from "./title.ts";

export function FilesRoute() {
  useTitle("Files");
  return <FilesPage />;
}
