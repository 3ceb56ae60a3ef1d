/** Who wants an account: the fields, and what is wrong with each. */
import { Alert, Anchor, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import type { RegistrationRules } from "@roschat/shared/protocol.ts";
import { type FormEvent, useRef, useState } from "react";
import { useWords } from "../words/index.ts";
import {
  type Applicant,
  type Faults,
  FIELDS,
  type Field,
  faultsOf,
  LONGEST,
  SHORTEST_PASSWORD,
} from "./registration.ts";

interface RegistrationFormProps {
  rules: RegistrationRules;
  applicant: Applicant;
  onChange: (applicant: Applicant) => void;
  /** Why the last try failed as a whole; empty when it did not. */
  error: string;
  /** Answers what the server found. */
  onSubmit: () => Promise<Faults>;
  onBack: () => void;
}

export function RegistrationForm({ rules, applicant, onChange, error, onSubmit, onBack }: RegistrationFormProps) {
  const say = useWords();
  const form = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const [busy, setBusy] = useState(false);

  const show = (found: Faults): boolean => {
    setFaults(found);
    const first = FIELDS.find((field) => found[field]);
    if (first) form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
    return first !== undefined;
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || show(faultsOf(applicant, rules.domains))) return;
    setBusy(true);
    const found = await onSubmit();
    setBusy(false);
    show(found);
  };

  const field = (name: Field) => {
    const fault = faults[name];
    return {
      name,
      maxLength: LONGEST[name],
      error: fault && say(fault, { count: SHORTEST_PASSWORD }),
      // Mantine says so of plain fields, and not of those for passwords.
      "aria-invalid": fault !== undefined,
      value: applicant[name],
      onChange: (event: { currentTarget: HTMLInputElement }) => {
        onChange({ ...applicant, [name]: event.currentTarget.value });
        setFaults({ ...faults, [name]: undefined });
      },
    };
  };
  const needed = { required: true, withAsterisk: false };
  const eye = { "aria-label": say("signIn.showPassword"), tabIndex: 0 };
  const domains = rules.domains.join(", ");

  return (
    // The fields tell by themselves what they want, in the language of the page and not of the browser.
    <form ref={form} noValidate aria-labelledby="register" onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {error && (
          <Alert role="alert" variant="light" color="red">
            {error}
          </Alert>
        )}
        <TextInput
          {...field("email")}
          {...needed}
          type="email"
          label={say("register.email")}
          description={rules.domains.length > 0 && say("register.domains", { count: rules.domains.length, domains })}
          autoComplete="email"
          autoFocus
        />
        <TextInput {...field("surname")} {...needed} label={say("register.surname")} autoComplete="family-name" />
        <TextInput {...field("name")} label={say("register.name")} autoComplete="given-name" />
        <PasswordInput
          {...field("password")}
          {...needed}
          label={say("signIn.password")}
          description={faults.password !== "password.short" && say("password.short", { count: SHORTEST_PASSWORD })}
          autoComplete="new-password"
          visibilityToggleButtonProps={eye}
        />
        <PasswordInput
          {...field("again")}
          {...needed}
          label={say("register.again")}
          autoComplete="new-password"
          visibilityToggleButtonProps={eye}
        />
        <Button type="submit" loading={busy} size="md" fullWidth>
          {say("start.register")}
        </Button>
        <Anchor component="button" type="button" size="sm" ta="center" c="dimmed" onClick={onBack}>
          {say("common.back")}
        </Anchor>
      </Stack>
    </form>
  );
}
