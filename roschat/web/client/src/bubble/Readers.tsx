/** Who has read a message, who has only received it, and who has not. */
import { Loader, Modal, Stack, Text } from "@mantine/core";
import type { MessageDetails } from "@roschat/shared/protocol.ts";
import { useEffect, useState } from "react";
import { PersonLine } from "../info/PersonLine.tsx";
import { server } from "../state/server.ts";
import { fullTime } from "../text/time.ts";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";
import { showReaders, useReaders } from "./readers.ts";

export function Readers() {
  const say = useWords();
  const id = useReaders((state) => state.id);
  const [details, setDetails] = useState<MessageDetails[]>();
  useEffect(() => {
    setDetails(undefined);
    if (id) void attempt(async () => setDetails(await server.call("get-message-details", { id })));
  }, [id]);
  const read = details?.filter((it) => it.watchedTime) ?? [];
  const received = details?.filter((it) => it.receivedTime && !it.watchedTime) ?? [];
  const waiting = details?.filter((it) => !it.receivedTime && !it.watchedTime) ?? [];
  return (
    <Modal
      opened={id !== 0}
      onClose={() => showReaders(0)}
      title={say("message.readers")}
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      {!details && <Loader aria-label={say("app.loading")} />}
      {details && (
        <Stack gap="md">
          <Part title={say("readers.read", { count: read.length })} people={read} time={(it) => it.watchedTime ?? 0} />
          <Part
            title={say("readers.received", { count: received.length })}
            people={received}
            time={(it) => it.receivedTime ?? 0}
          />
          <Part title={say("readers.waiting", { count: waiting.length })} people={waiting} time={() => 0} />
        </Stack>
      )}
    </Modal>
  );
}

interface PartProps {
  title: string;
  people: MessageDetails[];
  time: (details: MessageDetails) => number;
}

function Part({ title, people, time }: PartProps) {
  if (people.length === 0) return null;
  return (
    <section>
      <Text size="sm" fw={650} c="dimmed" mb={4}>
        {title}
      </Text>
      {people.map((it) => (
        <PersonLine key={it.cid} cid={it.cid} second={time(it) ? fullTime(time(it)) : ""} />
      ))}
    </section>
  );
}
