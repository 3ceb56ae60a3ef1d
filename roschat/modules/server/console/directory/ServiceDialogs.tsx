/** The list of services to add, and the parameters that one asks. */

import type { ServiceOffer, ServiceParameter, ServiceType } from "@console/api/generated.ts";
import { complain } from "@console/api/index.ts";
import type { Field } from "@console/kit/Field.tsx";
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { Button, Group, Modal, Stack, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import classes from "./services.module.css";
import { words } from "./words.ts";

type Params = Record<string, string>;

export function parameterLabel(say: ReturnType<typeof words.use>, type: string, name: string): string {
  if (name === "number" && type === "sip") return say("param.number.sip");
  return say(`param.${name}` as "param.number");
}

interface AddServiceProps {
  /** Those that the contact does not have. */
  offers: readonly ServiceOffer[];
  onClose: () => void;
  onAdd: (type: ServiceType, params: Params) => Promise<void>;
}

export function AddService({ offers, onClose, onAdd }: AddServiceProps) {
  const say = words.use();
  const [chosen, setChosen] = useState<ServiceOffer>();
  const [asking, setAsking] = useState<ServiceOffer>();
  const [busy, setBusy] = useState(false);
  const add = async () => {
    if (!chosen) return;
    if ((chosen.params ?? []).length > 0) return setAsking(chosen);
    setBusy(true);
    try {
      await onAdd(chosen.type, {});
      onClose();
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  if (asking)
    return (
      <ParametersDialog
        type={asking.type}
        parameters={asking.params ?? []}
        initial={{}}
        save={say("addService")}
        onClose={onClose}
        onSave={(params) => onAdd(asking.type, params)}
      />
    );
  return (
    <Modal opened onClose={onClose} title={say("addServiceTitle")} closeButtonProps={{ "aria-label": say("close") }}>
      <Stack gap="xs" role="radiogroup" aria-label={say("addServiceTitle")}>
        {offers.length === 0 && <Text size="sm">{say("allGranted")}</Text>}
        {offers.map((offer) => (
          <UnstyledButton
            key={offer.type}
            role="radio"
            aria-checked={chosen?.type === offer.type}
            disabled={offer.available === false}
            className={classes.offer ?? ""}
            data-offer={offer.type}
            onClick={() => setChosen(offer)}
          >
            <Text fw={600} size="sm">
              {say(`service.${offer.type}`)}
            </Text>
            <Text size="xs" className={classes.about ?? ""}>
              {say(`service.${offer.type}.text` as "service.sip.text")}
            </Text>
            {offer.available === false && (
              <Text size="xs" fw={500}>
                {say("notAvailable")}
              </Text>
            )}
          </UnstyledButton>
        ))}
      </Stack>
      <Group justify="flex-end" gap="sm" mt="md">
        <Button variant="default" onClick={onClose}>
          {say("close")}
        </Button>
        <Button disabled={!chosen} loading={busy} onClick={() => void add()}>
          {say("addService")}
        </Button>
      </Group>
    </Modal>
  );
}

interface ParametersDialogProps {
  type: ServiceType;
  parameters: readonly ServiceParameter[];
  initial: Params;
  save?: string;
  onClose: () => void;
  onSave: (params: Params) => Promise<void>;
}

export function ParametersDialog({ type, parameters, initial, save, onClose, onSave }: ParametersDialogProps) {
  const say = words.use();
  const fields = parameters.map(
    ({ name, kind, needed, choices }): Field<Params> => ({
      name,
      label: parameterLabel(say, type, name),
      required: needed !== false,
      ...(kind === "server"
        ? { kind: "select" as const, choices: (choices ?? []).map((one) => ({ value: one.id, label: one.name })) }
        : { maxLength: 30 }),
    }),
  );
  return (
    <FormDialog<Params>
      title={say(`service.${type}`)}
      close={say("close")}
      fields={fields}
      initial={{ ...Object.fromEntries(parameters.map(({ name }) => [name, ""])), ...initial }}
      onClose={onClose}
      onSave={onSave}
      {...(save ? { save } : {})}
    />
  );
}
