/** Whom to ask for help: a contact of the company, an address, as the administrator decided. */
import { Anchor, Button, Stack, Text, Textarea } from "@mantine/core";
import type { SupportView } from "@roschat/shared/protocol.ts";
import { useEffect, useState } from "react";
import { peerOf } from "../state/peer.ts";
import { usePerson } from "../state/people.ts";
import { go } from "../state/place.ts";
import { server } from "../state/server.ts";
import { attempt, tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

const LONGEST = 4000;

export function SupportPage() {
  const say = useWords();
  const [support, setSupport] = useState<SupportView>();
  useEffect(() => {
    void attempt(async () => setSupport(await server.call("get-support", {})));
  }, []);
  if (!support) return null;
  if (!support.contact && !support.email) return <Text c="dimmed">{say("support.none")}</Text>;
  return (
    <Stack gap="xl">
      {support.contact > 0 && <Contact cid={support.contact} />}
      {support.email && <Email email={support.email} letters={support.letters} />}
    </Stack>
  );
}

function Contact({ cid }: { cid: number }) {
  const say = useWords();
  const person = usePerson(cid);
  return (
    <section>
      <Text size="sm" c="dimmed">
        {say("support.contact")}
      </Text>
      <Text fw={500} mb="xs">
        {person?.name}
      </Text>
      <Button variant="light" onClick={() => go({ at: "chat", peer: peerOf({ cid }), message: 0 })}>
        {say("support.write")}
      </Button>
    </section>
  );
}

function Email({ email, letters }: { email: string; letters: boolean }) {
  const say = useWords();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    if (await attempt(() => server.call("write-to-support", { text }))) {
      setText("");
      tell(say("support.sent"));
    }
    setBusy(false);
  };
  return (
    <section>
      <Text size="sm" c="dimmed">
        {say("support.email")}
      </Text>
      <Anchor href={`mailto:${email}`}>{email}</Anchor>
      {letters && (
        <Stack gap="xs" mt="md">
          <Textarea
            label={say("support.text")}
            autosize
            minRows={3}
            maxLength={LONGEST}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button disabled={!text.trim()} loading={busy} onClick={() => void send()} style={{ alignSelf: "start" }}>
            {say("support.send")}
          </Button>
        </Stack>
      )}
    </section>
  );
}
