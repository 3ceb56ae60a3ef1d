import { Modal } from "@mantine/core";
import { PickConversation } from "../pick/PickConversation.tsx";
import { fetchChannel, useChannel } from "../state/channels.ts";
import { post } from "../state/outbox.ts";
import { server } from "../state/server.ts";
import { attempt, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import { ChannelForm } from "./ChannelForm.tsx";
import { closeChannelDialog, useChannelDialog } from "./dialogs.ts";
import { PublicationDialog } from "./PublicationDialog.tsx";

export function ChannelDialogs() {
  const say = useWords();
  const { dialog, chId } = useChannelDialog();
  const channel = useChannel(chId);
  if (!channel) return null;
  if (dialog === "publish") return <PublicationDialog channel={channel} onClose={closeChannelDialog} />;
  if (dialog === "share")
    return (
      <PickConversation
        title={say("channel.share")}
        ok={say("channel.shareShort")}
        onClose={closeChannelDialog}
        onPick={(peer) => {
          post(peer, { dataType: "data", data: JSON.stringify({ type: "channel", chId, name: channel.name }) });
          closeChannelDialog();
          tell(say("channel.shared"));
        }}
      />
    );
  if (dialog !== "edit") return null;
  return (
    <Modal
      opened
      onClose={closeChannelDialog}
      title={say("channel.edit")}
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <ChannelForm
        ok={say("common.save")}
        values={{
          name: channel.name,
          description: channel.description ?? "",
          closed: channel.closed ?? false,
          avatar: channel.avatar ?? "",
          comments: channel.comments ?? true,
        }}
        onSubmit={async (values) => {
          const done = await attempt(async () => {
            await server.call("change-channel", { chId, ...values });
            await fetchChannel(chId);
          });
          if (done) closeChannelDialog();
        }}
      />
    </Modal>
  );
}
