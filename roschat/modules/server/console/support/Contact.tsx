/** «Чат» and «E-mail»: whom people ask for help. */
import { invalidate, useApi, useSave } from "@console/api/index.ts";
import { ContactPicker, FormDialog, nameOfContact, type Picked, SettingsForm, Values } from "@console/kit/index.ts";
import { useState } from "react";
import { words } from "./words.ts";

const READ = ["GET /support", "GET /settings/{section}"] as const;

export function Contact() {
  const say = words.use();
  const [editing, setEditing] = useState(false);
  const support = useApi("GET /support");
  const settings = useApi("GET /settings/{section}", { section: "server.support" });
  const cid = Number(settings.data?.values.contact ?? 0);
  const found = useApi(
    "POST /contacts/find",
    { filter: { cids: [cid], state: "all" }, size: 1 },
    { enabled: cid > 0, fresh: true },
  );
  const row = found.data?.contacts[0];
  const picked: Picked | undefined = cid ? { cid, name: row ? nameOfContact(row) : String(cid) } : undefined;
  const gone = cid > 0 && support.data?.contact === 0;
  return (
    <>
      <Values
        title={say("chat")}
        text={say("chatText")}
        onEdit={() => setEditing(true)}
        values={[{ label: say("contact"), value: picked?.name ?? "", hint: gone ? say("gone") : undefined }]}
      />
      <SettingsForm
        section="server.support"
        title={say("email")}
        text={say("emailText")}
        keys={["email"]}
        onSaved={() => void invalidate(READ)}
      />
      {editing && <ContactDialog picked={picked} onClose={() => setEditing(false)} />}
    </>
  );
}

interface Typed {
  contact: readonly Picked[];
}

function ContactDialog({ picked, onClose }: { picked: Picked | undefined; onClose: () => void }) {
  const say = words.use();
  const save = useSave("PUT /settings/{section}", { invalidates: [...READ] });
  return (
    <FormDialog<Typed>
      title={say("contactTitle")}
      fields={[
        {
          name: "contact",
          label: say("contact"),
          render: (input) => (
            <ContactPicker
              label={input.label}
              value={input.value as readonly Picked[]}
              onChange={input.onChange}
              error={input.error}
            />
          ),
        },
      ]}
      initial={{ contact: picked ? [picked] : [] }}
      onClose={onClose}
      onSave={async (typed) => {
        await save.mutateAsync({ section: "server.support", values: { contact: typed.contact[0]?.cid ?? 0 } });
      }}
    />
  );
}
