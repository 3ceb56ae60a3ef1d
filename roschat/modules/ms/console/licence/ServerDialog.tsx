/** «Настроить» of the licence server: four fields that belong together. */
import { call, invalidate } from "@console/api/index.ts";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { words } from "./words.ts";

export const SECTION = "ms.licence";

interface Typed {
  address: string;
  login: string;
  port: string;
  password: string;
  certificate: string;
}

export function ServerDialog({ values, onClose }: { values: Record<string, unknown>; onClose: () => void }) {
  const say = words.use();
  const fields: Field<Typed>[] = [
    { name: "address", label: say("address"), required: true, format: "host", placeholder: "licence.example.ru" },
    { name: "login", label: say("login"), required: true, maxLength: 100, autoComplete: "off" },
    { name: "port", label: say("port"), required: true, format: "port" },
    { name: "password", label: say("password"), kind: "password", required: true, autoComplete: "new-password" },
    { name: "certificate", label: say("certificate"), kind: "lines", description: say("certificateAbout") },
  ];
  const text = (key: keyof Typed) => String(values[key] ?? "");
  return (
    <FormDialog
      title={say("server")}
      fields={fields}
      initial={{
        address: text("address"),
        login: text("login"),
        port: text("port"),
        password: text("password"),
        certificate: text("certificate"),
      }}
      onClose={onClose}
      onSave={async (typed) => {
        await call("PUT /settings/{section}", { section: SECTION, values: { ...typed, port: Number(typed.port) } });
        await invalidate(["GET /settings/{section}", "GET /licence"]);
      }}
    />
  );
}
