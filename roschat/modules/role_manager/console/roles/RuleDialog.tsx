/** One rule: allowed or denied, to all, to chosen roles, or to chosen contacts. */
import { ApiError, errorText, type RoleAction, type RoleRule, useApi } from "@console/api/index.ts";
import { words as kit } from "@console/kit/words.ts";
import { Alert, Button, Checkbox, Group, Modal, SegmentedControl, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { hasOther } from "./actions.ts";
import { useRoleNames } from "./names.ts";
import { PeopleSelect } from "./PeopleSelect.tsx";
import { words } from "./words.ts";

interface RuleDialogProps {
  action: RoleAction;
  rule: RoleRule | undefined;
  /** The other rules of the action. */
  others: readonly RoleRule[];
  onSave: (rule: RoleRule) => Promise<void>;
  onClose: () => void;
}

export function RuleDialog({ action, rule, others, onSave, onClose }: RuleDialogProps) {
  const say = words.use();
  const sayKit = kit.use();
  const roleName = useRoleNames();
  const all = useApi("GET /roles");
  const [allow, setAllow] = useState(rule?.allow ?? false);
  const [forAll, setForAll] = useState(
    !hasOther(action) || (rule ? (rule.scope ?? "all") === "all" : others.length === 0),
  );
  const [kind, setKind] = useState<"roles" | "contacts">(rule?.scope === "contacts" ? "contacts" : "roles");
  const [roles, setRoles] = useState<readonly number[]>(rule?.roles ?? []);
  const [contacts, setContacts] = useState<readonly number[]>(rule?.contacts ?? []);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);

  const refusal = (): string => {
    if (forAll) return others.some((one) => (one.scope ?? "all") === "all") ? say("twice", { names: say("all") }) : "";
    const named = kind === "roles" ? roles : contacts;
    if (named.length === 0) return say("chooseSomebody");
    const taken = others.flatMap((one) => (kind === "roles" ? one.roles : one.contacts) ?? []);
    const twice = named.filter((one) => taken.includes(one));
    const names = twice.map((one) => (kind === "roles" ? roleName(one) : String(one))).join(", ");
    return twice.length > 0 ? say("twice", { names }) : "";
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const why = refusal();
    setFailure(why);
    if (why) return;
    setBusy(true);
    try {
      if (forAll) await onSave({ action, allow });
      else if (kind === "roles") await onSave({ action, allow, scope: "roles", roles: [...roles] });
      else await onSave({ action, allow, scope: "contacts", contacts: [...contacts] });
      onClose();
    } catch (error) {
      if (error instanceof ApiError) error.told = true;
      setFailure(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("ruleTitle", { action: say(action) })}
      closeButtonProps={{ "aria-label": sayKit("close") }}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <SegmentedControl
            aria-label={say("status")}
            fullWidth
            data={[
              { value: "allow", label: say("allowed") },
              { value: "deny", label: say("denied") },
            ]}
            value={allow ? "allow" : "deny"}
            onChange={(value) => setAllow(value === "allow")}
          />
          {hasOther(action) && (
            <>
              <Checkbox
                label={say("forAll")}
                checked={forAll}
                onChange={(event) => setForAll(event.currentTarget.checked)}
              />
              {!forAll && (
                <>
                  <SegmentedControl
                    aria-label={say("target")}
                    fullWidth
                    data={[
                      { value: "contacts", label: say("whomContacts") },
                      { value: "roles", label: say("whomRoles") },
                    ]}
                    value={kind}
                    onChange={(value) => setKind(value === "roles" ? "roles" : "contacts")}
                  />
                  {kind === "roles" ? (
                    <RoleChoice
                      all={all.data?.map((one) => one.id) ?? []}
                      chosen={roles}
                      change={setRoles}
                      name={roleName}
                    />
                  ) : (
                    <PeopleSelect label={say("whomContacts")} chosen={contacts} change={setContacts} />
                  )}
                </>
              )}
            </>
          )}
          {failure && (
            <Alert color="red" variant="light" role="alert">
              {failure}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={busy}>
              {sayKit("close")}
            </Button>
            <Button type="submit" loading={busy}>
              {sayKit("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface RoleChoiceProps {
  all: readonly number[];
  chosen: readonly number[];
  change: (chosen: readonly number[]) => void;
  name: (role: number) => string;
}

function RoleChoice({ all, chosen, change, name }: RoleChoiceProps) {
  const say = words.use();
  return (
    <Stack gap={8} role="group" aria-label={say("whomRoles")}>
      <Checkbox
        label={say("chooseAll")}
        checked={all.length > 0 && all.every((one) => chosen.includes(one))}
        indeterminate={chosen.length > 0 && chosen.length < all.length}
        onChange={(event) => change(event.currentTarget.checked ? all : [])}
      />
      {all.map((one) => (
        <Checkbox
          key={one}
          ml="md"
          label={name(one)}
          checked={chosen.includes(one)}
          onChange={(event) =>
            change(event.currentTarget.checked ? [...chosen, one] : chosen.filter((other) => other !== one))
          }
        />
      ))}
    </Stack>
  );
}
