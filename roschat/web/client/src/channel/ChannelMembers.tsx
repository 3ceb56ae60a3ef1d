/** Admins or subscribers of a channel; admins add and remove. */
import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import type { ChannelMember, ChannelView } from "@roschat/shared/protocol.ts";
import { IconUserMinus, IconUserPlus } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { PersonLine } from "../info/PersonLine.tsx";
import { PickContacts } from "../pick/PickContacts.tsx";
import { fetchChannel } from "../state/channels.ts";
import { nameOf, usePeople } from "../state/people.ts";
import { server } from "../state/server.ts";
import { Action } from "../ui/Action.tsx";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

interface ChannelMembersProps {
  channel: ChannelView;
  role: "admin" | "subscriber";
  onClose: () => void;
}

export function ChannelMembers({ channel, role, onClose }: ChannelMembersProps) {
  const say = useWords();
  const me = usePeople((state) => state.me);
  const [members, setMembers] = useState<ChannelMember[]>();
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<number[]>([]);
  const { chId } = channel;
  const admin = channel.role === "admin";
  const load = useCallback(
    () => attempt(async () => setMembers(await server.call("get-channel-members", { chId, role }))),
    [chId, role],
  );
  useEffect(() => void load(), [load]);
  const change = async (work: () => Promise<unknown>) => {
    if (!(await attempt(work))) return;
    await load();
    await fetchChannel(chId);
  };
  const add = async () => {
    await change(() => server.call("add-channel-members", { chId, members: chosen, role }));
    setChosen([]);
    setAdding(false);
  };
  const title = say(role === "admin" ? "channel.adminsTitle" : "channel.subscribersTitle");
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": say("common.close") }}>
      {adding ? (
        <Stack>
          <PickContacts
            chosen={chosen}
            onChange={setChosen}
            without={members?.map((it) => it.cid) ?? []}
            bots={false}
          />
          <Group justify="space-between">
            <Button variant="default" onClick={() => setAdding(false)}>
              {say("common.back")}
            </Button>
            <Button disabled={chosen.length === 0} onClick={() => void add()}>
              {say("common.add")}
            </Button>
          </Group>
        </Stack>
      ) : (
        <Stack gap="xs">
          {admin && (
            <Button variant="light" leftSection={<IconUserPlus size={18} />} onClick={() => setAdding(true)}>
              {say("channel.addMembers")}
            </Button>
          )}
          {!members && <Loader m="auto" aria-label={say("app.loading")} />}
          {members?.length === 0 && (
            <Text c="dimmed" size="sm" ta="center" py="md">
              {say("pick.nobody")}
            </Text>
          )}
          {members?.map((member) => (
            <PersonLine key={member.cid} cid={member.cid} second="">
              {admin && (member.cid !== me || role === "subscriber") && (
                <Action
                  label={say("pick.remove", { name: nameOf(member.cid) })}
                  icon={<IconUserMinus size={18} />}
                  onClick={() => void change(() => server.call("remove-channel-member", { chId, member: member.cid }))}
                />
              )}
            </PersonLine>
          ))}
        </Stack>
      )}
    </Modal>
  );
}
