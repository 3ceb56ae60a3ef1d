/** A letter that really goes to somebody. */
import { call } from "@console/api/index.ts";
import { CheckDialog, FormDialog } from "@console/kit/index.ts";
import { useLanguage } from "@console/words.ts";
import { Text } from "@mantine/core";
import { useState } from "react";
import { told } from "./told.tsx";
import { words } from "./words.ts";

export function TestLetter({ onClose }: { onClose: () => void }) {
  const say = words.use();
  const language = useLanguage();
  const [to, setTo] = useState("");
  if (to)
    return (
      <CheckDialog
        title={say("testLetter")}
        run={async () => told(await call("POST /mail/test", { to, language }), say("sent"))}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={say("testLetter")}
      text={<Text size="sm">{say("testText")}</Text>}
      fields={[{ name: "to", label: say("to"), required: true, format: "email", autoComplete: "email" }]}
      initial={{ to: "" }}
      save={say("send")}
      close={say("close")}
      onClose={onClose}
      onSave={async (typed) => {
        setTo(typed.to);
        // The dialog stays: it becomes the one with the answer.
        return false;
      }}
    />
  );
}
