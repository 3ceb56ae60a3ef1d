/** The members of a role, and the picker that adds others. */
import { useSave } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import type { Key } from "@console/kit/DataTable.tsx";
import { Section } from "@console/kit/Page.tsx";
import { Button, Group, Modal, Stack } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { NoMembers, People } from "./People.tsx";
import { words } from "./words.ts";

const BASE = 1;
const AFTER = ["GET /roles", "GET /roles/{role}", "POST /contacts/find", "POST /roles/of-contacts"] as const;

export function Members({ role, base }: { role: number; base: boolean }) {
  const say = words.use();
  const [chosen, setChosen] = useState<ReadonlySet<Key>>(new Set());
  const [adding, setAdding] = useState(false);
  const give = useSave("POST /roles/{role}/members", { invalidates: AFTER });
  const takeAway = async () => {
    if (!(await confirm({ text: say("takeAwayText", { count: chosen.size }) }))) return;
    await give.mutateAsync({ role: BASE, contacts: [...chosen].map(Number) });
    setChosen(new Set());
  };
  return (
    <Section
      title={say("members")}
      flush
      actions={
        <Button
          variant="default"
          size="xs"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {say("addMembers")}
        </Button>
      }
    >
      <People
        id="role-members"
        label={say("members")}
        role={role}
        chosen={chosen}
        change={setChosen}
        empty={<NoMembers />}
        actions={
          !base && (
            <Button size="xs" variant="default" onClick={() => void takeAway()} loading={give.isPending}>
              {say("takeAway")}
            </Button>
          )
        }
      />
      {adding && <AddMembers role={role} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function AddMembers({ role, onClose }: { role: number; onClose: () => void }) {
  const say = words.use();
  const [chosen, setChosen] = useState<ReadonlySet<Key>>(new Set());
  const give = useSave("POST /roles/{role}/members", { invalidates: AFTER, onDone: onClose });
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("addMembersTitle")}
      size="xl"
      closeButtonProps={{ "aria-label": say("cancel") }}
    >
      <Stack gap="md">
        <People id="role-picker" label={say("addMembersTitle")} chosen={chosen} change={setChosen} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button
            disabled={chosen.size === 0}
            loading={give.isPending}
            onClick={() => give.mutate({ role, contacts: [...chosen].map(Number) })}
          >
            {chosen.size > 0 ? say("addChosen", { count: chosen.size }) : say("addNobody")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
