/** Open sessions of a user, and the end of them. */
import { type ConsoleUser, call, complain, invalidate, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { SessionList } from "./SessionList.tsx";
import { words } from "./words.ts";

export function SessionsDialog({ user, onClose }: { user: ConsoleUser; onClose: () => void }) {
  const say = words.use();
  const sessions = useApi("GET /users/{id}/sessions", { id: user.id }, { fresh: true });
  const end = async (session = 0) => {
    try {
      await call("DELETE /users/{id}/sessions", { id: user.id, session });
    } catch (error) {
      complain(error);
    }
    await invalidate(["GET /users/{id}/sessions", "GET /users"]);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={say("sessionsOf", { login: user.login })}
      closeButtonProps={{ "aria-label": say("cancel") }}
    >
      <Asked of={sessions} height={120}>
        {(open) =>
          open.length === 0 ? (
            <Text size="sm">{say("noSessions")}</Text>
          ) : (
            <Stack>
              <SessionList sessions={open} onEnd={(session) => void end(session)} />
              <Group justify="flex-end">
                <Button color="red.9" variant="light" onClick={() => void end()}>
                  {say("endAll")}
                </Button>
              </Group>
            </Stack>
          )
        }
      </Asked>
    </Modal>
  );
}
