/** A certificate with its key from files: looked at as soon as they are chosen, installed by «Сохранить». */
import { ApiError, call, errorText, type Reply } from "@console/api/index.ts";
import { sentence } from "@console/kit/Field.tsx";
import { words as kit } from "@console/kit/words.ts";
import { Alert, Button, FileInput, Group, Modal, PasswordInput, Stack } from "@mantine/core";
import { IconCheck, IconFile } from "@tabler/icons-react";
import { type FormEvent, useEffect, useState } from "react";
import { Remarks } from "./Remarks.tsx";
import { words } from "./words.ts";

interface Files {
  certificate: File | null;
  key: File | null;
  chain: File | null;
}

export function CertificateDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const say = words.use();
  const common = kit.use();
  const [files, setFiles] = useState<Files>({ certificate: null, key: null, chain: null });
  const [passphrase, setPassphrase] = useState("");
  const [looked, setLooked] = useState<Reply<"POST /certificate/check">>();
  const [fields, setFields] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);

  const refused = (error: unknown) => {
    setFields(error instanceof ApiError ? error.fields : {});
    setFailure(error instanceof ApiError && Object.keys(error.fields).length > 0 ? "" : errorText(error));
  };

  // What was chosen is looked at at once; a key that is still missing is no error yet.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what was chosen counts
  useEffect(() => {
    setLooked(undefined);
    setFields({});
    setFailure("");
    if (!files.certificate || !(files.key || /\.(p12|pfx)$/i.test(files.certificate.name))) return;
    let gone = false;
    offered(files, passphrase)
      .then((pair) => call("POST /certificate/check", pair))
      .then((found) => !gone && setLooked(found))
      .catch((error) => !gone && refused(error));
    return () => {
      gone = true;
    };
  }, [files, passphrase]);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await call("PUT /certificate", await offered(files, passphrase));
      onDone();
      onClose();
    } catch (error) {
      refused(error);
    } finally {
      setBusy(false);
    }
  };

  const file = (name: keyof Files, label: string, description?: string) => (
    <FileInput
      label={label}
      description={description}
      value={files[name]}
      onChange={(chosen) => setFiles((now) => ({ ...now, [name]: chosen }))}
      error={sentence(fields[name])}
      withAsterisk={name !== "chain"}
      clearable
      clearButtonProps={{ "aria-label": `${common("clear")}: ${label}` }}
      leftSection={<IconFile size={16} aria-hidden />}
      placeholder={common("file.choose")}
      fileInputProps={{ "aria-label": label }}
    />
  );
  return (
    <Modal opened onClose={onClose} title={say("upload")} closeButtonProps={{ "aria-label": common("close") }}>
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack gap="md">
          {file("certificate", say("certificateFile"), say("certificateHint"))}
          {file("key", say("keyFile"))}
          {file("chain", say("chainFile"), say("chainHint"))}
          <PasswordInput
            label={say("passphrase")}
            description={say("passphraseHint")}
            autoComplete="off"
            value={passphrase}
            error={sentence(fields.passphrase)}
            onChange={(event) => setPassphrase(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": common("secret.show"), tabIndex: 0 }}
          />
          {looked && <Remarks remarks={looked.remarks} />}
          {looked?.good && (
            <Alert color="teal" variant="light" py="xs" icon={<IconCheck size={18} aria-hidden />} role="status">
              {say("looked")}
            </Alert>
          )}
          {failure && (
            <Alert color="red" variant="light" role="alert">
              {failure}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {common("close")}
            </Button>
            <Button type="submit" loading={busy}>
              {common("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

async function offered(files: Files, passphrase: string) {
  const [certificate, key, chain] = await Promise.all([files.certificate, files.key, files.chain].map(textOf));
  return { certificate: certificate ?? "", key: key ?? "", chain: chain ?? "", passphrase };
}

/** PEM as it is; what is no text as base64. */
async function textOf(file: File | null): Promise<string> {
  if (!file) return "";
  const bytes = new Uint8Array(await file.arrayBuffer());
  const text = new TextDecoder().decode(bytes);
  if (text.includes("-----BEGIN ")) return text;
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
