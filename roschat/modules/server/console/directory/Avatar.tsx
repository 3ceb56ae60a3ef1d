/** The photo of a contact, or the initials; a click chooses another one. */

import type { ContactCard } from "@console/api/generated.ts";
import { ApiError, call, complain, invalidate, useApi } from "@console/api/index.ts";
import { FileButton, Menu, Avatar as Picture, UnstyledButton } from "@mantine/core";
import { useRef } from "react";
import { attempt } from "./attempt.ts";
import { words } from "./words.ts";

const LARGEST = 8_388_608;
const INITIALS = { placeholder: { color: "white", background: "var(--mantine-color-brand-8)" } } as const;

export function Avatar({ card }: { card: ContactCard }) {
  const say = words.use();
  const choose = useRef<HTMLButtonElement>(null);
  const shown = useApi("GET /contacts/{cid}/avatar", { cid: card.cid }, { enabled: Boolean(card.avatar), fresh: true });
  const source = card.avatar && shown.data ? `data:${shown.data.contentType};base64,${shown.data.picture}` : null;
  const put = async (picture: string) => {
    try {
      await call("PUT /contacts/{cid}/avatar", { cid: card.cid, picture });
    } catch (error) {
      if (error instanceof ApiError && error.fields.picture) return complain(new Error(say("avatarBad")));
      throw error;
    }
    await invalidate(["GET /contacts/{cid}", "GET /contacts/{cid}/avatar"]);
  };
  const take = async (file: File | null) => {
    if (!file) return;
    if (file.size > LARGEST) return complain(new Error(say("avatarBad")));
    await put(await base64(file));
  };
  const letters = ["surname", "name"].map((type) => card.fields.find((field) => field.type === type)?.value?.[0] ?? "");
  return (
    <>
      <FileButton accept="image/png,image/jpeg,image/gif,image/webp" onChange={(file) => attempt(take(file))}>
        {(props) => <button {...props} ref={choose} type="button" hidden />}
      </FileButton>
      <Menu withinPortal position="bottom-start">
        <Menu.Target>
          <UnstyledButton aria-label={`${say("avatar")} ${source ? "" : letters.join("")}`.trim()}>
            <Picture src={source} size={64} radius="xl" alt="" styles={INITIALS}>
              {letters.join("")}
            </Picture>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => choose.current?.click()}>{say("avatarChoose")}</Menu.Item>
          {card.avatar && <Menu.Item onClick={() => attempt(put(""))}>{say("avatarRemove")}</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function base64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(file);
  });
}
