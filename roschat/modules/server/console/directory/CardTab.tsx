/** «Карточка»: the fields as they are; «Изменить» opens the form. */
import type { ContactCard } from "@console/api/generated.ts";
import { useFormats } from "@console/kit/formats.ts";
import { Section } from "@console/kit/Page.tsx";
import { type Value, ValueList } from "@console/kit/Values.tsx";
import { Anchor, Button, SimpleGrid } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { CardDialog } from "./CardDialog.tsx";
import { SINGLE } from "./card.ts";
import { words } from "./words.ts";

export function CardTab({ card }: { card: ContactCard }) {
  const say = words.use();
  const formats = useFormats();
  const [editing, setEditing] = useState(false);
  const all = (type: string) => card.fields.filter((field) => field.type === type).map((field) => field.value ?? "");
  const shown = (type: (typeof SINGLE)[number]): Value => {
    const value = all(type)[0] ?? "";
    const label = say(`field.${type}`);
    if (type === "birthday") return { label, value: value.split("-").reverse().join(".") };
    const person = card.people?.find((one) => String(one.cid) === value);
    if (person && (type === "manager" || type === "assistant"))
      return {
        label,
        value: (
          <Anchor component={Link} href={`/directory/${person.cid}`} size="sm">
            {person.name}
          </Anchor>
        ),
      };
    return { label, value };
  };
  const custom = card.fields
    .filter((field) => field.type === "custom")
    .map((field) => ({ label: field.name ?? "", value: field.value ?? "" }));
  const edit = (
    <Button
      variant="light"
      size="xs"
      leftSection={<IconPencil size={14} aria-hidden />}
      onClick={() => setEditing(true)}
    >
      {say("edit")}
    </Button>
  );
  return (
    <>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Section title={say("names")} actions={edit}>
          <ValueList
            values={[
              ...SINGLE.slice(0, 4).map(shown),
              { label: say("field.number"), value: all("number") },
              { label: say("field.email"), value: all("email") },
              ...custom,
            ]}
          />
        </Section>
        <Section title={say("work")}>
          <ValueList
            values={[
              ...SINGLE.slice(4).map(shown),
              { label: say("field.cid"), value: String(card.cid) },
              { label: say("field.created"), value: formats.dateTime(card.createdTime ?? 0) },
              { label: say("field.changed"), value: formats.dateTime(card.changedTime ?? 0) },
            ]}
          />
        </Section>
      </SimpleGrid>
      {editing && <CardDialog card={card} onClose={() => setEditing(false)} />}
    </>
  );
}
