import { getRouteApi } from "@tanstack/react-router";
import { ConversationPage } from "@/features/runs/conversation/conversation_page.tsx";
import { useSearchChange } from "./search_change.ts";
import { useTitle } from "./title.ts";

const route = getRouteApi("/conversations/$conversationId");

export function ConversationRoute() {
  useTitle("Conversation");
  const { conversationId } = route.useParams();
  const { seq } = route.useSearch();
  const { onSeq } = useSearchChange<{ seq?: number | undefined }>(route.useNavigate());
  return (
    <ConversationPage key={conversationId} conversationId={conversationId} seq={seq ?? null} onSeq={onSeq} />
  );
}
