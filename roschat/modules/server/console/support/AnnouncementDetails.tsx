/** One announcement: how far it has come, and who did not get it. */
import { useApi } from "@console/api/index.ts";
import { Asked, useFormats, ValueList } from "@console/kit/index.ts";
import { Button, Group, List, Modal, Paper, Progress, Stack, Text } from "@mantine/core";
import { words } from "./words.ts";

const EVERY = 2000;

export function AnnouncementDetails({ id, onClose }: { id: number; onClose: () => void }) {
  const say = words.use();
  const formats = useFormats();
  const asked = useApi("GET /announcements/{id}", { id }, { every: EVERY });
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("announcements")}
      size="lg"
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <Asked of={asked}>
        {(one) => (
          <Stack gap="sm">
            <Paper withBorder p="sm">
              <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
                {one.text}
              </Text>
            </Paper>
            {one.total > 0 && (
              <Progress
                aria-label={say("sent")}
                value={((one.sent + one.failed) / one.total) * 100}
                animated={one.state === "sending"}
              />
            )}
            <ValueList
              values={[
                { label: say("state"), value: say(`state.${one.state}` as Parameters<typeof say>[0]) },
                { label: say("who"), value: one.who },
                { label: say("created"), value: formats.dateTime(one.created) },
                { label: say("sent"), value: say("of", { done: one.sent, total: one.total }) },
                { label: say("delivered"), value: one.delivered },
                { label: say("read"), value: one.read },
                { label: say("failed"), value: one.failed },
              ]}
            />
            {one.undelivered && one.undelivered.length > 0 && (
              <List size="sm">
                {one.undelivered.map((person) => (
                  <List.Item key={person.cid}>
                    {person.name}: <span lang="en">{person.error}</span>
                  </List.Item>
                ))}
              </List>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {say("close")}
              </Button>
            </Group>
          </Stack>
        )}
      </Asked>
    </Modal>
  );
}
