/** What can be put into a conversation besides text. */
import { Menu, Modal } from "@mantine/core";
import {
  IconChartBar,
  IconClockHour4,
  IconFile,
  IconMapPin,
  IconPaperclip,
  IconPhoto,
  IconUser,
} from "@tabler/icons-react";
import { useRef, useState } from "react";
import { PickContacts } from "../pick/PickContacts.tsx";
import { post } from "../state/outbox.ts";
import type { Peer } from "../state/peer.ts";
import { Action } from "../ui/Action.tsx";
import { useWords } from "../words/index.ts";
import { LocationDialog } from "./LocationDialog.tsx";
import { PollDialog } from "./PollDialog.tsx";

const ICON = 19;

interface AttachMenuProps {
  peer: Peer;
  media: boolean;
  onFiles: (files: File[]) => void;
  onLater: (() => void) | undefined;
}

export function AttachMenu({ peer, media: allowed, onFiles, onLater }: AttachMenuProps) {
  const say = useWords();
  const media = useRef<HTMLInputElement>(null);
  const any = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState<"" | "contact" | "location" | "poll">("");
  const take = (input: HTMLInputElement) => {
    onFiles([...(input.files ?? [])]);
    input.value = "";
  };
  return (
    <>
      <Menu position="top-start" width={230}>
        <Menu.Target>
          <Action label={say("composer.attach")} icon={<IconPaperclip size={22} />} size={40} />
        </Menu.Target>
        <Menu.Dropdown>
          {allowed ? (
            <>
              <Menu.Item leftSection={<IconPhoto size={ICON} />} onClick={() => media.current?.click()}>
                {say("attach.media")}
              </Menu.Item>
              <Menu.Item leftSection={<IconFile size={ICON} />} onClick={() => any.current?.click()}>
                {say("attach.file")}
              </Menu.Item>
            </>
          ) : (
            <Menu.Item leftSection={<IconFile size={ICON} />} disabled>
              {say("role.noMedia")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconUser size={ICON} />} onClick={() => setOpen("contact")}>
            {say("attach.contact")}
          </Menu.Item>
          <Menu.Item leftSection={<IconMapPin size={ICON} />} onClick={() => setOpen("location")}>
            {say("attach.location")}
          </Menu.Item>
          <Menu.Item leftSection={<IconChartBar size={ICON} />} onClick={() => setOpen("poll")}>
            {say("attach.poll")}
          </Menu.Item>
          {onLater && (
            <Menu.Item leftSection={<IconClockHour4 size={ICON} />} onClick={onLater}>
              {say("composer.later")}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <input
        ref={media}
        type="file"
        hidden
        multiple
        accept="image/*,video/*"
        data-testid="pick-media"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={any}
        type="file"
        hidden
        multiple
        data-testid="pick-files"
        onChange={(event) => take(event.currentTarget)}
      />
      {open === "contact" && (
        <Modal
          opened
          onClose={() => setOpen("")}
          title={say("attach.contact")}
          closeButtonProps={{ "aria-label": say("common.close") }}
        >
          <PickContacts
            onPick={(cid) => {
              setOpen("");
              post(peer, { dataType: "data", data: JSON.stringify({ type: "contact", cid }) });
            }}
          />
        </Modal>
      )}
      {open === "location" && <LocationDialog peer={peer} onClose={() => setOpen("")} />}
      {open === "poll" && <PollDialog peer={peer} onClose={() => setOpen("")} />}
    </>
  );
}
