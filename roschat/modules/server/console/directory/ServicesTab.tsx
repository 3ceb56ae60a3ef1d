/** «Сервисы Росчат» and «Сервисы АТС»: what the contact may use, as cards; «Добавить» offers the others. */

import type { ContactCard, ContactService, ServiceOffer } from "@console/api/generated.ts";
import { call, invalidate, useApi } from "@console/api/index.ts";
import { confirm } from "@console/kit/Confirm.tsx";
import { Asked, Empty } from "@console/kit/Empty.tsx";
import { Section } from "@console/kit/Page.tsx";
import { ActionIcon, Button, Group, Paper, SimpleGrid, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { attempt } from "./attempt.ts";
import { AddService, ParametersDialog, parameterLabel } from "./ServiceDialogs.tsx";
import { words } from "./words.ts";

const CHANGED = ["GET /contacts/{cid}/services", "GET /contacts/{cid}", "POST /contacts/find"] as const;

export function ServicesTab({ card, group }: { card: ContactCard; group: "roschat" | "pbx" }) {
  const say = words.use();
  const offers = useApi("GET /services");
  const granted = useApi("GET /contacts/{cid}/services", { cid: card.cid }, { fresh: true });
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<ContactService>();
  const mine = (offers.data ?? []).filter((offer) => offer.group === group);
  const has = (type: string) => granted.data?.some((one) => one.type === type) ?? false;
  const changed = () => invalidate(CHANGED);
  const remove = async (service: ContactService) => {
    const name = say(`service.${service.type}`);
    const application = service.type === "computer" || service.type === "mobile";
    const text = say(application ? "removeApplicationText" : "removeServiceText", { name });
    if (!(await confirm({ text, ok: say("remove"), danger: true }))) return;
    await call("DELETE /contacts/{cid}/services/{type}", { cid: card.cid, type: service.type });
    await changed();
  };
  const offerOf = (type: string) => mine.find((offer) => offer.type === type);
  return (
    <Section
      title={say(group === "pbx" ? "pbx" : "services")}
      actions={
        <Button
          size="xs"
          variant="light"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={!offers.data || !granted.data}
          onClick={() => setAdding(true)}
        >
          {say("addService")}
        </Button>
      }
    >
      <Asked of={granted}>
        {(all) => {
          const shown = all.filter((service) => offerOf(service.type));
          if (shown.length === 0) return <Empty title={say("noServices")} text={say("noServicesText")} icon="plug" />;
          return (
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
              {shown.map((service) => (
                <ServiceCard
                  key={service.type}
                  service={service}
                  offer={offerOf(service.type)}
                  onEdit={() => setEdited(service)}
                  onRemove={() => attempt(remove(service))}
                />
              ))}
            </SimpleGrid>
          );
        }}
      </Asked>
      {adding && (
        <AddService
          offers={mine.filter((offer) => !has(offer.type))}
          onClose={() => setAdding(false)}
          onAdd={async (type, params) => {
            await call("POST /contacts/{cid}/services", { cid: card.cid, type, params });
            await changed();
          }}
        />
      )}
      {edited && (
        <ParametersDialog
          type={edited.type}
          parameters={offerOf(edited.type)?.params ?? []}
          initial={edited.params ?? {}}
          onClose={() => setEdited(undefined)}
          onSave={async (params) => {
            await call("PUT /contacts/{cid}/services/{type}", { cid: card.cid, type: edited.type, params });
            await changed();
          }}
        />
      )}
    </Section>
  );
}

interface ServiceCardProps {
  service: ContactService;
  offer: ServiceOffer | undefined;
  onEdit: () => void;
  onRemove: () => void;
}

function ServiceCard({ service, offer, onEdit, onRemove }: ServiceCardProps) {
  const say = words.use();
  const name = say(`service.${service.type}`);
  return (
    <Paper withBorder radius="md" p="sm" data-service={service.type}>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <div>
          <Text fw={600} size="sm">
            {name}
          </Text>
          {(offer?.params ?? []).map((parameter) => {
            const value = service.params?.[parameter.name] ?? "";
            const shown = parameter.choices?.find((choice) => choice.id === value)?.name ?? value;
            return (
              <Text key={parameter.name} size="sm">
                {parameterLabel(say, service.type, parameter.name)}: {shown}
              </Text>
            );
          })}
        </div>
        <Group gap={2} wrap="nowrap">
          {(offer?.params ?? []).length > 0 && (
            <ActionIcon variant="subtle" color="gray" aria-label={`${say("edit")}: ${name}`} onClick={onEdit}>
              <IconPencil size={16} aria-hidden />
            </ActionIcon>
          )}
          <ActionIcon variant="subtle" color="red" aria-label={`${say("removeService")}: ${name}`} onClick={onRemove}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
    </Paper>
  );
}
