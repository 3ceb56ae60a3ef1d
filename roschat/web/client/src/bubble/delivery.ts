import type { ChatView, MessageView } from "@roschat/shared/protocol.ts";
import type { Delivery } from "./Ticks.tsx";

/** How far an own message has got, by the marks of the others. */
export function deliveryOf(message: Pick<MessageView, "id">, chat: ChatView | undefined): Delivery {
  if (message.id <= (chat?.peerWatchedId ?? 0)) return "read";
  if (message.id <= (chat?.peerReceivedId ?? 0)) return "delivered";
  return "sent";
}
