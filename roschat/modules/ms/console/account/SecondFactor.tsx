/** The second factor of one's own account: set up, recovery codes, switch off. */
import {
  type ConsoleAccount,
  call,
  invalidate,
  type RecoveryCodes,
  saveAs,
  type TotpOffer,
  tell,
} from "@console/api/index.ts";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Section } from "@console/kit/Page.tsx";
import { ValueList } from "@console/kit/Values.tsx";
import { Box, Button, Code, CopyButton, Group, Modal, SimpleGrid, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ProofDialog } from "./PasswordDialog.tsx";
import { words } from "./words.ts";

type Step =
  | { at: "prove-totp" | "prove-mail" | "prove-off" | "prove-codes" }
  | { at: "scan"; offer: TotpOffer }
  | { at: "letter"; email: string }
  | { at: "codes"; codes: readonly string[] };

export function SecondFactor({ account }: { account: ConsoleAccount }) {
  const say = words.use();
  const [step, setStep] = useState<Step>();
  const close = () => setStep(undefined);
  const on = account.factor !== "none";
  const show = async (reply: Promise<RecoveryCodes>) => {
    const { codes } = await reply;
    await invalidate(["GET /account", "GET /session"]);
    later(() => setStep({ at: "codes", codes }));
  };
  return (
    <Section
      title={say("factor")}
      text={say("factorText")}
      actions={
        on ? (
          <>
            <Button variant="default" onClick={() => setStep({ at: "prove-codes" })}>
              {say("recoveryNew")}
            </Button>
            <Button variant="default" onClick={() => setStep({ at: "prove-off" })}>
              {say("off")}
            </Button>
          </>
        ) : (
          <>
            <Button variant="light" onClick={() => setStep({ at: "prove-totp" })}>
              {say("useTotp")}
            </Button>
            <Button variant="default" disabled={!account.mail} onClick={() => setStep({ at: "prove-mail" })}>
              {say("useMail")}
            </Button>
          </>
        )
      }
    >
      <ValueList
        values={[
          { label: say("factor"), value: say(account.factor, { email: account.email }) },
          ...(on ? [{ label: say("recovery"), value: say("recoveryLeft", { count: account.recoveryCodes }) }] : []),
        ]}
      />
      {!on && !account.mail && (
        <Text size="sm" c="dimmed">
          {say("noMail")}
        </Text>
      )}
      {step?.at === "prove-totp" && (
        <ProofDialog
          title={say("totpTitle")}
          save={say("next")}
          onClose={close}
          onProven={async (password) => {
            const offer = await call("POST /account/totp", { password });
            later(() => setStep({ at: "scan", offer }));
          }}
        />
      )}
      {step?.at === "prove-mail" && (
        <ProofDialog
          title={say("mailTitle")}
          save={say("next")}
          email={account.email}
          onClose={close}
          onProven={async (password, email) => {
            await call("POST /account/mail-code", { password, email });
            later(() => setStep({ at: "letter", email }));
          }}
        />
      )}
      {step?.at === "prove-codes" && (
        <ProofDialog
          title={say("recoveryNew")}
          save={say("next")}
          onClose={close}
          onProven={(password) => show(call("POST /account/recovery-codes", { password }))}
        />
      )}
      {step?.at === "prove-off" && (
        <ProofDialog
          title={say("off")}
          text={say("offText")}
          save={say("off")}
          onClose={close}
          onProven={async (password) => {
            await call("POST /account/factor/off", { password });
            await invalidate(["GET /account", "GET /session"]);
            tell(say("offDone"));
          }}
        />
      )}
      {step?.at === "scan" && (
        <CodeDialog
          title={say("totpTitle")}
          label={say("code")}
          text={<Scan offer={step.offer} />}
          onClose={close}
          onCode={(code) => show(call("POST /account/totp/confirm", { code }))}
        />
      )}
      {step?.at === "letter" && (
        <CodeDialog
          title={say("mailTitle")}
          label={say("mailCode")}
          text={<Text size="sm">{say("mailSent", { email: step.email })}</Text>}
          onClose={close}
          onCode={(code) => show(call("POST /account/mail-code/confirm", { code }))}
        />
      )}
      {step?.at === "codes" && <CodesDialog codes={step.codes} onClose={close} />}
    </Section>
  );
}

/** A dialog closes itself after its work; the next one opens after that. */
function later(work: () => void): void {
  setTimeout(work);
}

interface CodeProps {
  title: string;
  label: string;
  text: ReactNode;
  onCode: (code: string) => Promise<void>;
  onClose: () => void;
}

function CodeDialog({ title, label, text, onCode, onClose }: CodeProps) {
  const say = words.use();
  return (
    <FormDialog
      title={title}
      text={text}
      close={say("cancel")}
      save={say("switchOn")}
      fields={[{ name: "code", label, required: true, autoComplete: "one-time-code" }]}
      initial={{ code: "" }}
      onSave={({ code }) => onCode(code)}
      onClose={onClose}
    />
  );
}

function Scan({ offer }: { offer: TotpOffer }) {
  const say = words.use();
  return (
    <Stack gap="xs">
      <Text size="sm">{say("totpScan")}</Text>
      <Box
        component="img"
        alt={say("qr")}
        src={`data:image/svg+xml,${encodeURIComponent(offer.qr)}`}
        w={200}
        mx="auto"
      />
      <Code block data-secret ta="center" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {offer.secret.match(/.{1,4}/g)?.join(" ")}
      </Code>
    </Stack>
  );
}

function CodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const say = words.use();
  const text = codes.join("\n");
  return (
    <Modal opened onClose={onClose} title={say("recovery")} closeOnClickOutside={false} withCloseButton={false}>
      <Stack>
        <Text size="sm">{say("recoveryText")}</Text>
        <SimpleGrid cols={2} spacing="xs" data-codes>
          {codes.map((code) => (
            <Code key={code} ta="center" fz="sm">
              {code}
            </Code>
          ))}
        </SimpleGrid>
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={() => saveAs(`${text}\n`, "roschat-codes.txt", "text/plain")}>
            {say("save")}
          </Button>
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {say(copied ? "copied" : "copy")}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onClose}>{say("done")}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
