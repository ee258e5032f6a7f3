import { CheckPage } from "@/features/log/check_page.tsx";
import { useTitle } from "./title.ts";

export function CheckRoute() {
  useTitle("Check my run");
  return <CheckPage />;
}
