import { Modal } from "@mantine/core";
import { PickContacts } from "../pick/PickContacts.tsx";
import { goPerson } from "../state/place.ts";
import { useWords } from "../words/index.ts";

export function NewChat({ onClose }: { onClose: () => void }) {
  const say = useWords();
  return (
    <Modal opened onClose={onClose} title={say("new.chat")} closeButtonProps={{ "aria-label": say("common.close") }}>
      <PickContacts
        onPick={(cid) => {
          onClose();
          goPerson(cid);
        }}
      />
    </Modal>
  );
}
