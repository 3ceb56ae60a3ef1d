/** «Добавление пользователя» and «Редактирование пользователя». The login of a user never changes. */
import { type ConsoleRole, type ConsoleUser, call, invalidate } from "@console/api/index.ts";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { words } from "./words.ts";

const ROLES: readonly ConsoleRole[] = ["security", "admin", "operator"];

interface Typed {
  surname: string;
  name: string;
  patronymic: string;
  login: string;
  password: string;
  role: ConsoleRole;
  email: string;
  mustChangePassword: boolean;
  active: boolean;
}

/** Without a user it makes a new one. */
export function UserDialog({ user, onClose }: { user?: ConsoleUser | undefined; onClose: () => void }) {
  const say = words.use();
  const fields: Field<Typed>[] = [
    { name: "surname", label: say("surname"), required: true, maxLength: 100 },
    { name: "name", label: say("name"), maxLength: 100 },
    { name: "patronymic", label: say("patronymic"), maxLength: 100 },
    {
      name: "login",
      label: say("login"),
      description: say("loginHint"),
      required: true,
      maxLength: 64,
      pattern: /^[A-Za-z0-9._@-]+$/,
      disabled: Boolean(user),
    },
    {
      name: "password",
      label: say("password"),
      kind: "password",
      description: say(user ? "passwordKeep" : "passwordHint"),
      required: !user,
    },
    {
      name: "role",
      label: say("role"),
      kind: "select",
      required: true,
      choices: ROLES.map((role) => ({ value: role, label: say(role) })),
    },
    { name: "email", label: say("email"), description: say("emailHint"), format: "email" },
    { name: "mustChangePassword", label: say("mustChange"), kind: "switch" },
    { name: "active", label: say("active"), kind: "switch", show: () => Boolean(user) },
  ];
  const initial: Typed = {
    surname: user?.surname ?? "",
    name: user?.name ?? "",
    patronymic: user?.patronymic ?? "",
    login: user?.login ?? "",
    password: "",
    role: user?.role ?? "admin",
    email: user?.email ?? "",
    mustChangePassword: user?.mustChangePassword ?? false,
    active: user?.active ?? true,
  };
  const save = async ({ login, active, ...typed }: Typed) => {
    if (user) await call("PUT /users/{id}", { id: user.id, active, ...typed });
    else await call("POST /users", { login, ...typed });
    await invalidate(["GET /users"]);
  };
  return (
    <FormDialog
      title={say(user ? "editing" : "adding")}
      close={say("cancel")}
      fields={fields}
      initial={initial}
      onSave={save}
      onClose={onClose}
      columns={2}
      size="lg"
    />
  );
}
