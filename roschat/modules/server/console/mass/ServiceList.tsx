/** Services that are granted or taken away, each with its parameters as templates. */
import { type MassSelection, type ServiceOffer, useApi } from "@console/api/index.ts";
import { Asked } from "@console/kit/Empty.tsx";
import { Badge, Checkbox, Group, SegmentedControl, Select, Stack, Text, Title } from "@mantine/core";
import type { Grant, ServiceDraft } from "./change.ts";
import { TemplateInput } from "./TemplateInput.tsx";
import { wordOf, words } from "./words.ts";

interface ServiceListProps {
  services: Record<string, ServiceDraft>;
  onChange: (services: Record<string, ServiceDraft>) => void;
  reasons: Readonly<Record<string, string>>;
  selection?: MassSelection | undefined;
  /** New contacts have no services that could be taken away. */
  adding?: boolean;
}

export function ServiceList({ services, onChange, reasons, selection, adding = false }: ServiceListProps) {
  const say = words.use();
  const offers = useApi("GET /services");
  const chosen = Object.entries(services).filter(([, { grant }]) => grant !== "keep");
  return (
    <Asked of={offers} height={80}>
      {(all) => (
        <Stack gap="md">
          {(["roschat", "pbx"] as const).map((group) => (
            <Stack key={group} gap="xs">
              <Title order={3} size="h6">
                {say(group === "pbx" ? "pbx" : "services")}
              </Title>
              {all
                .filter((offer) => offer.group === group)
                .map((offer) => {
                  const at = chosen.findIndex(([type]) => type === offer.type);
                  return (
                    <ServiceRow
                      key={offer.type}
                      offer={offer}
                      draft={services[offer.type] ?? { grant: "keep", params: {} }}
                      adding={adding}
                      selection={selection}
                      reasonOf={(param) => reasons[`services.${at}.params.${param}`]}
                      onChange={(draft) => onChange({ ...services, [offer.type]: draft })}
                    />
                  );
                })}
            </Stack>
          ))}
        </Stack>
      )}
    </Asked>
  );
}

interface ServiceRowProps {
  offer: ServiceOffer;
  draft: ServiceDraft;
  adding: boolean;
  selection: MassSelection | undefined;
  reasonOf: (param: string) => string | undefined;
  onChange: (draft: ServiceDraft) => void;
}

function ServiceRow({ offer, draft, adding, selection, reasonOf, onChange }: ServiceRowProps) {
  const say = words.use();
  const title = say(`service.${offer.type}`);
  const off = offer.available === false;
  const params = offer.params ?? [];
  const turn = (grant: Grant) => {
    const filled = Object.fromEntries(
      params.map(({ name }) => [name, draft.params[name] ?? (name === "number" ? "$CONTACT('number')" : "")]),
    );
    onChange({ grant, params: grant === "grant" ? filled : draft.params });
  };
  return (
    <Stack gap={6}>
      <Group gap="sm" justify="space-between" maw={560}>
        {adding ? (
          <Checkbox
            label={title}
            checked={draft.grant === "grant"}
            disabled={off}
            onChange={(event) => turn(event.currentTarget.checked ? "grant" : "keep")}
          />
        ) : (
          <Text size="sm">{title}</Text>
        )}
        {off && (
          <Badge variant="light" color="gray">
            {say("unavailable")}
          </Badge>
        )}
        {!adding && (
          <SegmentedControl
            size="xs"
            aria-label={title}
            value={draft.grant}
            onChange={(grant) => turn(grant as Grant)}
            data={[
              { value: "keep", label: say("service.keep") },
              { value: "grant", label: say("service.grant"), disabled: off },
              { value: "remove", label: say("service.remove") },
            ]}
          />
        )}
      </Group>
      {draft.grant === "grant" && params.length > 0 && (
        <Group gap="sm" align="flex-start" maw={560} pl="xl">
          {params.map(({ name, kind, choices }) => {
            const label = wordOf(say, `param.${name}`, name);
            const put = (value: string) => onChange({ ...draft, params: { ...draft.params, [name]: value } });
            return kind === "server" ? (
              <Select
                key={name}
                label={label}
                data={(choices ?? []).map((one) => ({ value: one.id, label: one.name }))}
                value={draft.params[name] ?? null}
                onChange={(value) => put(value ?? "")}
              />
            ) : (
              <TemplateInput
                key={name}
                label={`${title}: ${label}`}
                value={draft.params[name] ?? ""}
                onChange={put}
                selection={selection}
                reason={reasonOf(name)}
              />
            );
          })}
        </Group>
      )}
    </Stack>
  );
}
