import { PickConversation } from "../pick/PickConversation.tsx";
import { fetchChat } from "../state/chats.ts";
import { newKey } from "../state/parcel.ts";
import { goChat } from "../state/place.ts";
import { server } from "../state/server.ts";
import { openWindow } from "../state/windows.ts";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import { useDesk } from "./desk.ts";

export function ForwardDialog() {
  const say = useWords();
  const messages = useDesk((state) => state.forwarding);
  if (messages.length === 0) return null;
  const close = () => useDesk.setState({ forwarding: [] });
  return (
    <PickConversation
      title={say("message.forwardTitle", { count: messages.length })}
      ok={say("message.forward")}
      onClose={close}
      onPick={(peer) =>
        void attempt(async () => {
          const ids = messages.map((message) => message.id);
          await server.call("forward-messages", { ...peer, ids, key: newKey() });
          useDesk.setState({ forwarding: [], selected: [] });
          goChat(peer);
          await fetchChat(peer);
          await openWindow(peer, 0, true);
        })
      }
    />
  );
}
