import { RetentionPage } from "@/features/runs/retention_page.tsx";
import { useTitle } from "./title.ts";

export function RetentionRoute() {
  useTitle("Retention");
  return <RetentionPage />;
}
