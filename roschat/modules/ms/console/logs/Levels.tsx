/** «Подробность журнала»: the level of the whole and of each part; a choice counts at once. */
import { useApi, useSave } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { useFormats } from "@console/kit/formats.ts";
import { SearchBox } from "@console/kit/SearchBox.tsx";
import { Group, Modal, NativeSelect, ScrollArea, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { LEVELS, words } from "./words.ts";

export function Levels({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const say = words.use();
  const formats = useFormats();
  const [part, setPart] = useState("");
  const found = useApi("GET /logs/levels", {}, { enabled: opened });
  const save = useSave("PUT /logs/levels", { invalidates: ["GET /logs/levels"] });
  const choices = (none: string) => [
    { value: "", label: none },
    ...LEVELS.map((one) => ({ value: one, label: say(`level.${one}`) })),
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={say("levelsTitle")}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <Asked of={found}>
        {(state) => (
          <Stack gap="sm">
            <NativeSelect
              label={say("whole")}
              value={state.level}
              disabled={save.isPending}
              data={choices(say("asStarted"))}
              onChange={(event) => save.mutate({ name: "", level: event.currentTarget.value })}
            />
            <SearchBox label={say("findPart")} value={part} onSearch={setPart} width="100%" delay={100} />
            <ScrollArea h={320} viewportProps={{ tabIndex: 0, role: "region", "aria-label": say("part") }}>
              <Stack gap={6}>
                {state.loggers
                  .filter((one) => one.name.includes(part) && (part || one.level || one.name.split(".").length < 4))
                  .map((one) => (
                    <Group key={one.name} justify="space-between" gap="xs" pr="sm">
                      <Text size="sm" style={{ overflowWrap: "anywhere" }} flex="1 1 200px">
                        {one.name}
                      </Text>
                      <NativeSelect
                        size="xs"
                        w={190}
                        aria-label={one.name}
                        value={one.level}
                        disabled={save.isPending}
                        data={choices(say("inherits", { level: one.effective }))}
                        onChange={(event) => save.mutate({ name: one.name, level: event.currentTarget.value })}
                      />
                    </Group>
                  ))}
              </Stack>
            </ScrollArea>
            <Text size="xs" c="dimmed">
              {say("kept", { files: state.files, size: formats.bytes(state.size) })}
            </Text>
          </Stack>
        )}
      </Asked>
    </Modal>
  );
}
