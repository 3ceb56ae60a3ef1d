/** Facts of a group: name, members with their roles, and what the reader may do. */
import { Button, Group, Menu, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { ChatView, MemberView } from "@roschat/shared/protocol.ts";
import { IconDots, IconLogout, IconPencil, IconUserPlus } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import channelStyles from "../channel/Channel.module.css";
import { PickContacts } from "../pick/PickContacts.tsx";
import { fetchChat, useChat } from "../state/chats.ts";
import { loadMembers, useMembers } from "../state/members.ts";
import type { Peer } from "../state/peer.ts";
import { nameOf, usePeople } from "../state/people.ts";
import { server } from "../state/server.ts";
import { Action } from "../ui/Action.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { AvatarPicker } from "../ui/AvatarPicker.tsx";
import { attempt } from "../ui/attempt.ts";
import { confirm } from "../ui/confirm.ts";
import { useWords } from "../words/index.ts";
import styles from "./Info.module.css";
import { PersonLine } from "./PersonLine.tsx";

export function GroupInfo({ peer }: { peer: Peer }) {
  const say = useWords();
  const chat = useChat(peer);
  const members = useMembers(peer);
  const [dialog, setDialog] = useState<"" | "edit" | "add">("");
  const { cid } = peer;
  const rev = chat?.rev ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the group may be one of its members
  useEffect(() => {
    if (chat?.role !== "left") void loadMembers(cid).catch(() => undefined);
  }, [cid, chat?.role, chat?.members, rev]);
  if (!chat) return null;
  const leads = chat.role === "owner" || chat.role === "admin";
  const inside = chat.role !== "left";
  const leave = async () => {
    const question = { title: say("group.leave"), text: say("group.leaveText"), ok: say("group.leave") };
    if (await confirm({ ...question, danger: true })) await attempt(() => server.call("leave-group", { cid }));
  };
  return (
    <div className={styles.body}>
      <div className={styles.top}>
        <Avatar id={cid} name={chat.name ?? ""} file={chat.avatar ?? ""} kind="group" size={104} />
        <h2 className={styles.name}>{chat.name}</h2>
        <span className={styles.second}>{say("group.members", { count: chat.members ?? 2 })}</span>
        {leads && (
          <Action
            label={say("group.edit")}
            icon={<IconPencil size={19} />}
            variant="light"
            color="brand"
            onClick={() => setDialog("edit")}
          />
        )}
      </div>
      {chat.description && (
        <Text size="sm" px={12} style={{ whiteSpace: "pre-wrap" }}>
          {chat.description}
        </Text>
      )}
      {inside && (
        <section>
          <div className={styles.title}>
            {say("group.membersTitle")}
            {leads && (
              <Action
                label={say("group.add")}
                icon={<IconUserPlus size={19} />}
                size={32}
                onClick={() => setDialog("add")}
              />
            )}
          </div>
          {members.map((member) => (
            <Member key={member.cid} member={member} chat={chat} />
          ))}
        </section>
      )}
      {inside && (
        <button type="button" className={channelStyles.fact} onClick={() => void leave()}>
          <IconLogout size={20} />
          <span>{say("group.leave")}</span>
        </button>
      )}
      {dialog === "edit" && <EditGroup chat={chat} onClose={() => setDialog("")} />}
      {dialog === "add" && <AddMembers cid={cid} members={members} onClose={() => setDialog("")} />}
    </div>
  );
}

function Member({ member, chat }: { member: MemberView; chat: ChatView }) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  const role = member.role ?? "member";
  const owner = chat.role === "owner";
  const mayRemove = member.cid !== me && (owner || (chat.role === "admin" && role === "member"));
  const act = (work: () => Promise<unknown>) =>
    void attempt(async () => {
      await work();
      await loadMembers(chat.cid);
    });
  const set = (next: string) =>
    act(() => server.call("set-group-role", { cid: chat.cid, member: member.cid, role: next }));
  const handOver = async () => {
    const text = say("group.handOverText", { name: nameOf(member.cid) });
    if (await confirm({ title: say("group.handOver"), text, ok: say("group.handOver") })) set("owner");
  };
  return (
    <PersonLine cid={member.cid}>
      {role !== "member" && <span className={styles.role}>{say(role === "owner" ? "role.owner" : "role.admin")}</span>}
      {mayRemove && (
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <Action
              label={say("group.memberMenu", { name: nameOf(member.cid) })}
              icon={<IconDots size={18} />}
              size={30}
            />
          </Menu.Target>
          <Menu.Dropdown>
            {owner && role === "member" && <Menu.Item onClick={() => set("admin")}>{say("group.promote")}</Menu.Item>}
            {owner && role === "admin" && <Menu.Item onClick={() => set("member")}>{say("group.demote")}</Menu.Item>}
            {owner && <Menu.Item onClick={() => void handOver()}>{say("group.handOver")}</Menu.Item>}
            <Menu.Item
              color="var(--danger)"
              onClick={() => act(() => server.call("remove-group-member", { cid: chat.cid, member: member.cid }))}
            >
              {say("group.remove")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </PersonLine>
  );
}

function EditGroup({ chat, onClose }: { chat: ChatView; onClose: () => void }) {
  const say = useWords();
  const [name, setName] = useState(chat.name ?? "");
  const [description, setDescription] = useState(chat.description ?? "");
  const [avatar, setAvatar] = useState(chat.avatar ?? "");
  const save = async () => {
    const done = await attempt(async () => {
      const changes = {
        ...(name.trim() !== chat.name ? { name: name.trim() } : {}),
        ...(description !== (chat.description ?? "") ? { description } : {}),
        ...(avatar !== (chat.avatar ?? "") ? { avatar } : {}),
      };
      await server.call("change-group", { cid: chat.cid, ...changes });
      await fetchChat({ cid: chat.cid, cidType: "group" });
    });
    if (done) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={say("group.edit")} closeButtonProps={{ "aria-label": say("common.close") }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <AvatarPicker id={chat.cid} name={name} kind="group" file={avatar} onChange={setAvatar} />
          <TextInput
            label={say("group.name")}
            required
            maxLength={100}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label={say("group.description")}
            autosize
            minRows={2}
            maxLength={500}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" disabled={!name.trim()}>
              {say("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function AddMembers({ cid, members, onClose }: { cid: number; members: MemberView[]; onClose: () => void }) {
  const say = useWords();
  const [chosen, setChosen] = useState<number[]>([]);
  const add = async () => {
    const done = await attempt(async () => {
      await server.call("add-group-members", { cid, members: chosen });
      await loadMembers(cid);
    });
    if (done) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={say("group.add")} closeButtonProps={{ "aria-label": say("common.close") }}>
      <Stack>
        <PickContacts chosen={chosen} onChange={setChosen} without={members.map((it) => it.cid)} />
        <Button disabled={chosen.length === 0} onClick={() => void add()}>
          {say("common.add")}
        </Button>
      </Stack>
    </Modal>
  );
}
