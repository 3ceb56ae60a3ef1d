/** «Сертификат»: what clients are shown, how long it lasts, and another one in its place. */
import { call, complain, download, invalidate, type Reply, tell, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked } from "@console/kit/Empty.tsx";
import { type formatsOf, useFormats } from "@console/kit/formats.ts";
import { Values } from "@console/kit/Values.tsx";
import { Alert, Button, Group, List } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { CertificateDialog } from "./CertificateDialog.tsx";
import { Remarks } from "./Remarks.tsx";
import { words } from "./words.ts";

type View = Reply<"GET /certificate">;
type Source = "self-made" | "installed" | "acme" | "configured";

export function Certificate() {
  const say = words.use();
  const formats = useFormats();
  const certificate = useApi("GET /certificate");
  const [uploading, setUploading] = useState(false);
  const goBack = async () => {
    if (!(await confirm({ text: say("selfMadeAsk"), danger: true }))) return;
    await call("DELETE /certificate").catch(complain);
    await invalidate(["GET /certificate"]);
  };
  return (
    <Asked of={certificate}>
      {(view) => (
        <Values
          title={say("certificate")}
          values={valuesOf(view, say, formats)}
          actions={
            <Group gap="xs">
              <Button
                variant="default"
                size="xs"
                leftSection={<IconDownload size={14} aria-hidden />}
                onClick={() => void download("GET /certificate/export").catch(complain)}
              >
                {say("export")}
              </Button>
              {(view.source === "installed" || view.source === "acme") && (
                <Button variant="default" size="xs" onClick={() => void goBack()}>
                  {say("selfMade")}
                </Button>
              )}
              {view.source !== "configured" && (
                <Button
                  variant="light"
                  size="xs"
                  leftSection={<IconUpload size={14} aria-hidden />}
                  onClick={() => setUploading(true)}
                >
                  {say("upload")}
                </Button>
              )}
            </Group>
          }
        >
          <Remarks remarks={view.remarks ?? []} />
          {view.trouble && (
            <Alert color="red" variant="light" mt="sm" role="alert">
              {view.trouble}
            </Alert>
          )}
          {uploading && (
            <CertificateDialog
              onClose={() => setUploading(false)}
              onDone={() => {
                tell(say("certificate"));
                void invalidate(["GET /certificate"]);
              }}
            />
          )}
        </Values>
      )}
    </Asked>
  );
}

function valuesOf(view: View, say: ReturnType<typeof words.use>, formats: ReturnType<typeof formatsOf>) {
  const [own, ...above] = view.chain;
  if (!own) return [];
  const left = view.daysLeft >= 0 ? say("left", { count: view.daysLeft }) : say("ended");
  return [
    { label: say("file"), value: view.file ?? "" },
    { label: say("source"), value: say(`source.${view.source as Source}`) },
    { label: say("subject"), value: own.subject },
    { label: say("names"), value: own.names },
    { label: say("issuer"), value: own.issuer },
    { label: say("until"), value: formats.date(own.notAfter), hint: left },
    { label: say("key"), value: own.key },
    {
      label: say("chain"),
      value: above.length ? (
        <List size="sm" spacing={2}>
          {above.map((one) => (
            <List.Item key={one.fingerprint}>{one.subject}</List.Item>
          ))}
        </List>
      ) : (
        ""
      ),
    },
    { label: say("fingerprint"), value: own.fingerprint },
  ];
}
