import { Modal } from "@mantine/core";
import { ChannelForm } from "../channel/ChannelForm.tsx";
import { fetchChannel } from "../state/channels.ts";
import { goChannel } from "../state/place.ts";
import { server } from "../state/server.ts";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

export function NewChannel({ onClose }: { onClose: () => void }) {
  const say = useWords();
  return (
    <Modal opened onClose={onClose} title={say("new.channel")} closeButtonProps={{ "aria-label": say("common.close") }}>
      <ChannelForm
        ok={say("common.create")}
        onSubmit={async (values) => {
          await attempt(async () => {
            const { chId } = await server.call("create-channel", values);
            await fetchChannel(chId);
            onClose();
            goChannel(chId);
          });
        }}
      />
    </Modal>
  );
}
