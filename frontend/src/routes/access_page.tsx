import { AccessPage } from "@/features/access/access_page.tsx";
import { useTitle } from "./title.ts";

export function AccessRoute() {
  useTitle("Access");
  return <AccessPage />;
}
