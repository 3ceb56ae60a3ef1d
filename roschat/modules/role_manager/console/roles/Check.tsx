/** «Проверить»: may this person do that to another, and which rule says so. */
import { type RoleAction, type RoleDecision, useSave } from "@console/api/index.ts";
import { Section } from "@console/kit/Page.tsx";
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { actionChoices, hasOther } from "./actions.ts";
import { useContactNames } from "./names.ts";
import { PeopleSelect } from "./PeopleSelect.tsx";
import { Verdict } from "./Verdict.tsx";
import { words } from "./words.ts";

export function Check() {
  const say = words.use();
  const [actor, setActor] = useState<readonly number[]>([]);
  const [target, setTarget] = useState<readonly number[]>([]);
  const [action, setAction] = useState<RoleAction>("outgoing-message");
  const [missing, setMissing] = useState(false);
  const [decision, setDecision] = useState<RoleDecision>();
  const check = useSave("POST /roles/check", { onDone: setDecision });
  const anew =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      setDecision(undefined);
      setMissing(false);
      set(value);
    };
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const [who] = actor;
    setMissing(who === undefined);
    if (who === undefined) return;
    check.mutate({ actor: who, action, ...(hasOther(action) && target[0] ? { target: target[0] } : {}) });
  };
  return (
    <Section title={say("check")} text={say("checkText")}>
      <form onSubmit={ask} noValidate>
        <Stack gap="md" maw={520}>
          <PeopleSelect
            label={say("actor")}
            chosen={actor}
            change={anew(setActor)}
            single
            required
            {...(missing ? { error: say("chooseActor") } : {})}
          />
          <Select
            label={say("action")}
            data={actionChoices(say)}
            value={action}
            onChange={(chosen) => anew(setAction)((chosen as RoleAction | null) ?? action)}
            allowDeselect={false}
          />
          {hasOther(action) && (
            <PeopleSelect
              label={say("target")}
              description={say("targetHint")}
              chosen={target}
              change={anew(setTarget)}
              single
            />
          )}
          <Group>
            <Button type="submit" loading={check.isPending}>
              {say("ask")}
            </Button>
          </Group>
          <div aria-live="polite">{decision && <Answer decision={decision} />}</div>
        </Stack>
      </form>
    </Section>
  );
}

function Answer({ decision }: { decision: RoleDecision }) {
  const say = words.use();
  const by = decision.by;
  const name = useContactNames(by ? [by.owner] : []);
  const said = by && {
    owner: name(by.owner),
    role: by.roleName,
    action: say(by.action),
    whom: say(`whom.${by.scope}`),
  };
  return (
    <Stack gap={6} align="flex-start">
      <Verdict allowed={decision.allowed} />
      <Text size="sm">{said ? say(by.personal ? "decided.personal" : "decided.role", said) : say("decided.none")}</Text>
    </Stack>
  );
}
