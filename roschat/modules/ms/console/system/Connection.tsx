/** «Подключение»: address and ports, and the check that looks at them as a client does. */
import { call, invalidate, type Reply, useApi } from "@console/api/index.ts";
import { CheckDialog } from "@console/kit/CheckDialog.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Values } from "@console/kit/Values.tsx";
import { Alert, Button, Text } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import { Probes } from "./Probes.tsx";
import { words } from "./words.ts";

type View = Reply<"GET /connection">;

interface Typed {
  address: string;
  httpPort: string;
  httpsPort: string;
  websocketPort: string;
}

export function Connection() {
  const say = words.use();
  const connection = useApi("GET /connection");
  const [editing, setEditing] = useState(false);
  const [checking, setChecking] = useState(false);
  return (
    <Asked of={connection}>
      {(view) => (
        <Values
          title={say("connection")}
          values={[
            { label: say("address"), value: view.address },
            { label: say("ports"), value: `${view.httpPort}, ${view.httpsPort}, ${view.websocketPort}` },
          ]}
          onEdit={() => setEditing(true)}
          actions={
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlugConnected size={14} aria-hidden />}
              onClick={() => setChecking(true)}
            >
              {say("check")}
            </Button>
          }
        >
          {view.trouble && (
            <Alert color="red" variant="light" mt="sm" role="alert">
              {view.trouble}
            </Alert>
          )}
          {editing && <ConnectionDialog view={view} onClose={() => setEditing(false)} />}
          {checking && (
            <CheckDialog
              onClose={() => setChecking(false)}
              run={async () => {
                const found = await call("POST /connection/check");
                return {
                  ok: found.good,
                  text: say(found.good ? "good" : "bad"),
                  details: <Probes probes={found.probes} />,
                };
              }}
            />
          )}
        </Values>
      )}
    </Asked>
  );
}

function ConnectionDialog({ view, onClose }: { view: View; onClose: () => void }) {
  const say = words.use();
  const port = (name: "http" | "https" | "websocket"): Field<Typed> => {
    const fixed = view.fixed?.includes(name) ?? false;
    return {
      name: `${name}Port`,
      label: say(name),
      required: true,
      format: "port",
      disabled: fixed,
      ...(fixed ? { description: say("fixed") } : {}),
    };
  };
  const fields: Field<Typed>[] = [
    { name: "address", label: say("address"), required: true, format: "host", placeholder: "chat.example.ru" },
    port("http"),
    port("https"),
    port("websocket"),
  ];
  return (
    <FormDialog
      title={say("connection")}
      fields={fields}
      initial={{
        address: view.address,
        httpPort: String(view.httpPort),
        httpsPort: String(view.httpsPort),
        websocketPort: String(view.websocketPort),
      }}
      onClose={onClose}
      onSave={async (typed) => {
        await call("PUT /connection", typed);
        await invalidate(["GET /connection", "GET /certificate"]);
      }}
    >
      {() => (
        <Text size="xs" c="dimmed">
          {say("live")}
        </Text>
      )}
    </FormDialog>
  );
}
