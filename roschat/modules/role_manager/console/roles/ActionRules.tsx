/** What is said of one action: its rules, each with whom it is for, and the dialog that adds or changes one. */
import type { RoleAction, RoleRule } from "@console/api/index.ts";
import { ActionIcon, Box, Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { rulesOf } from "./actions.ts";
import { useWhom } from "./names.ts";
import { RuleDialog } from "./RuleDialog.tsx";
import { Verdict } from "./Verdict.tsx";
import { words } from "./words.ts";

interface ActionRulesProps {
  action: RoleAction;
  /** All rules of the owner; those of the action are shown. */
  rules: readonly RoleRule[];
  onSave: (rules: RoleRule[]) => Promise<void>;
  /** What holds without a rule. */
  otherwise?: string;
}

export function ActionRules({ action, rules, onSave, otherwise }: ActionRulesProps) {
  const say = words.use();
  const [edited, setEdited] = useState<RoleRule | "new">();
  const [busy, setBusy] = useState(false);
  const mine = rulesOf(rules, action);
  const whom = useWhom(mine);
  const remove = async (rule: RoleRule) => {
    setBusy(true);
    try {
      await onSave(rules.filter((one) => one !== rule));
    } catch {
      // The notice says why; the rule stays.
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box role="group" aria-label={say(action)}>
      <Group justify="space-between" gap="xs">
        <Text fw={600} size="sm">
          {say(action)}
        </Text>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          aria-label={say("addRuleFor", { action: say(action) })}
          onClick={() => setEdited("new")}
        >
          {say("addRule")}
        </Button>
      </Group>
      {mine.length === 0 && (
        <Text size="sm" c="dimmed">
          {otherwise ?? say("noRule")}
        </Text>
      )}
      <Stack gap={4} mt={4}>
        {mine.map((rule) => (
          <Group key={JSON.stringify(rule)} gap="xs" wrap="nowrap">
            <Verdict allowed={rule.allow} />
            <Text size="sm" flex={1} miw={0} style={{ overflowWrap: "anywhere" }}>
              {whom(rule)}
            </Text>
            <Tooltip label={say("editRule")}>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`${say("editRule")}: ${whom(rule)}`}
                onClick={() => setEdited(rule)}
              >
                <IconPencil size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Tooltip label={say("removeRule")}>
              <ActionIcon
                variant="subtle"
                color="red"
                aria-label={`${say("removeRule")}: ${whom(rule)}`}
                loading={busy}
                onClick={() => void remove(rule)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          </Group>
        ))}
      </Stack>
      {edited && (
        <RuleDialog
          action={action}
          rule={edited === "new" ? undefined : edited}
          others={mine.filter((one) => one !== edited)}
          onClose={() => setEdited(undefined)}
          onSave={(rule) => onSave([...rules.filter((one) => one !== edited), rule])}
        />
      )}
    </Box>
  );
}
