/** Login, password and state of every contact of a mass change. */
import type { MassSelection } from "@console/api/index.ts";
import { sentence } from "@console/kit/Field.tsx";
import { NumberInput, PasswordInput, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import type { ChangeDraft, LoginForm, PasswordKind } from "./change.ts";
import { TemplateInput } from "./TemplateInput.tsx";
import { words } from "./words.ts";

interface AccountFieldsProps {
  draft: ChangeDraft;
  onChange: (part: Partial<ChangeDraft>) => void;
  reasons: Readonly<Record<string, string>>;
  simple: boolean;
  adding?: boolean;
  selection?: MassSelection | undefined;
}

export function AccountFields({ draft, onChange, reasons, simple, adding = false, selection }: AccountFieldsProps) {
  const say = words.use();
  const forms: LoginForm[] = ["number", "number-login", "number-login-domain"];
  if (!adding) forms.unshift("keep");
  const kinds: PasswordKind[] = adding && simple ? ["random", "number", "value"] : ["", "random", "number", "value"];
  const form = draft.loginForm === "keep" && adding ? "number" : draft.loginForm;
  const hint = { random: say("passwordRandomHint"), number: say("passwordNumberHint"), value: "", "": "" };
  return (
    <Stack gap="md">
      {simple ? (
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Select
            label={say("loginForm")}
            data={forms.map((value) => ({ value, label: say(`login.${value}`) }))}
            value={form}
            allowDeselect={false}
            onChange={(value) => value && onChange({ loginForm: value as LoginForm })}
          />
          {form !== "number" && form !== "keep" && (
            <TextInput
              label={say("loginPart")}
              description={say("loginPartHint")}
              inputWrapperOrder={["label", "input", "error", "description"]}
              value={draft.login}
              error={sentence(reasons["numbers.login"])}
              onChange={(event) => onChange({ login: event.currentTarget.value })}
            />
          )}
          {form === "number-login-domain" && (
            <TextInput
              label={say("domain")}
              value={draft.domain}
              placeholder="ros.chat"
              error={sentence(reasons["numbers.domain"])}
              onChange={(event) => onChange({ domain: event.currentTarget.value })}
            />
          )}
        </SimpleGrid>
      ) : (
        <TemplateInput
          label={say("loginTemplate")}
          value={draft.loginTemplate}
          onChange={(loginTemplate) => onChange({ loginTemplate })}
          selection={selection}
          reason={reasons.login}
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Select
          label={say("passwordKind")}
          data={kinds.map((value) => ({
            value: value || "none",
            label: say(value ? `passwordKind.${value}` : adding ? "passwordKind.no" : "passwordKind.none"),
          }))}
          value={draft.password || "none"}
          allowDeselect={false}
          onChange={(value) => value && onChange({ password: (value === "none" ? "" : value) as PasswordKind })}
        />
        {draft.password === "value" && (
          <PasswordInput
            label={say("passwordValue")}
            autoComplete="new-password"
            value={draft.passwordValue}
            error={sentence(reasons["password.value"])}
            onChange={(event) => onChange({ passwordValue: event.currentTarget.value })}
          />
        )}
        {draft.password === "random" && (
          <NumberInput
            label={say("passwordLength")}
            min={10}
            max={64}
            value={draft.passwordLength}
            error={sentence(reasons["password.length"])}
            onChange={(value) => onChange({ passwordLength: Number(value) })}
          />
        )}
        {!adding && (
          <Select
            label={say("activeState")}
            data={(["", "yes", "no"] as const).map((value) => ({
              value: value || "keep",
              label: say(value ? `active.${value}` : "active.keep"),
            }))}
            value={draft.active || "keep"}
            allowDeselect={false}
            onChange={(value) => value && onChange({ active: value === "keep" ? "" : (value as "yes" | "no") })}
          />
        )}
      </SimpleGrid>
      {hint[draft.password] && (
        <Text size="xs" c="dimmed">
          {hint[draft.password]}
        </Text>
      )}
    </Stack>
  );
}
