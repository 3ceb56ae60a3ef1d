/** A place to send: where this device is, or coordinates typed in. */
import { Button, Group, Modal, NumberInput, Stack, TextInput } from "@mantine/core";
import { IconCurrentLocation } from "@tabler/icons-react";
import { useState } from "react";
import { post } from "../state/outbox.ts";
import type { Peer } from "../state/peer.ts";
import { tell } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

const WAIT = 15_000;

export function LocationDialog({ peer, onClose }: { peer: Peer; onClose: () => void }) {
  const say = useWords();
  const [latitude, setLatitude] = useState<number | string>("");
  const [longitude, setLongitude] = useState<number | string>("");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const ready = latitude !== "" && longitude !== "";
  const locate = () => {
    setBusy(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false);
        setLatitude(coords.latitude);
        setLongitude(coords.longitude);
      },
      () => {
        setBusy(false);
        tell(say("location.unavailable"));
      },
      { timeout: WAIT, enableHighAccuracy: true },
    );
  };
  const send = () => {
    const body = { type: "location", latitude: Number(latitude), longitude: Number(longitude) };
    const data = JSON.stringify(text.trim() ? { ...body, text: text.trim() } : body);
    post(peer, { dataType: "data", data });
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("attach.location")}
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <Stack>
        <Button variant="light" leftSection={<IconCurrentLocation size={18} />} loading={busy} onClick={locate}>
          {say("location.here")}
        </Button>
        <Group grow>
          <NumberInput
            label={say("location.latitude")}
            min={-90}
            max={90}
            decimalScale={6}
            hideControls
            value={latitude}
            onChange={setLatitude}
          />
          <NumberInput
            label={say("location.longitude")}
            min={-180}
            max={180}
            decimalScale={6}
            hideControls
            value={longitude}
            onChange={setLongitude}
          />
        </Group>
        <TextInput
          label={say("location.name")}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button disabled={!ready} onClick={send}>
          {say("composer.send")}
        </Button>
      </Stack>
    </Modal>
  );
}
