/** The rules of a role in their groups; each action with what is said of it. */
import type { RoleAction, RoleRule } from "@console/api/index.ts";
import { Accordion, Badge, Group, Stack } from "@mantine/core";
import { ActionRules } from "./ActionRules.tsx";
import { GROUP_NAMES, GROUPS, rulesOf } from "./actions.ts";
import { words } from "./words.ts";

interface RulesProps {
  rules: readonly RoleRule[];
  onSave: (rules: RoleRule[]) => Promise<void>;
}

export function Rules({ rules, onSave }: RulesProps) {
  const say = words.use();
  return (
    <Accordion multiple defaultValue={["calls"]} variant="separated" order={3}>
      {GROUP_NAMES.map((group) => {
        const count = GROUPS[group].flatMap((action) => rulesOf(rules, action)).length;
        return (
          <Accordion.Item key={group} value={group}>
            <Accordion.Control>
              <Group gap="xs">
                {say(`group.${group}`)}
                {count > 0 && (
                  <Badge variant="default" tt="none">
                    {say("ruleCount", { count })}
                  </Badge>
                )}
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">
                {GROUPS[group].map((action: RoleAction) => (
                  <ActionRules key={action} action={action} rules={rules} onSave={onSave} />
                ))}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        );
      })}
    </Accordion>
  );
}
