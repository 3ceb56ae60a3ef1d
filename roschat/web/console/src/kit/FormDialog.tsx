/**
 * A dialog with labelled inputs. «Сохранить» keeps it open while a value is wrong; «Закрыть» discards; Escape and the
 * cross ask first when something was typed.
 */
import { Alert, Button, Group, Modal, Stack } from "@mantine/core";
import { type FormEvent, type ReactNode, useRef } from "react";
import { FieldInput } from "./Field.tsx";
import { type Form, type FormOptions, useForm } from "./form.ts";
import { askToDiscard, useUnsaved } from "./unsaved.ts";
import { words } from "./words.ts";

interface FormDialogProps<V extends object> extends FormOptions<V> {
  title: string;
  onClose: () => void;
  /** Above the fields. */
  text?: ReactNode;
  /** More than fields: gets the form, stands under them. */
  children?: (form: Form<V>) => ReactNode;
  save?: string;
  close?: string;
  size?: string | number;
  /** Fields in two columns where there is room. */
  columns?: 1 | 2;
}

/** Mount it to open it; it closes itself after saving. */
export function FormDialog<V extends object>(props: FormDialogProps<V>) {
  const { title, onClose, text, children, save, close, size = "md", columns = 1, ...options } = props;
  const say = words.use();
  const form = useForm(options);
  const body = useRef<HTMLFormElement>(null);
  useUnsaved(form.changed);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (await form.save()) onClose();
    else focusFirstWrong(body.current);
  };
  const leave = () => {
    if (!form.changed) return onClose();
    void askToDiscard().then((yes) => yes && onClose());
  };
  return (
    <Modal
      opened
      onClose={leave}
      title={title}
      size={size}
      closeOnClickOutside={!form.changed}
      closeButtonProps={{ "aria-label": say("dismiss") }}
    >
      <form ref={body} onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          {text}
          <FormFields form={form} columns={columns} autoFocus />
          {children?.(form)}
          {form.failure && (
            <Alert color="red" variant="light" role="alert">
              {form.failure}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose} disabled={form.busy}>
              {close ?? say("close")}
            </Button>
            <Button type="submit" loading={form.busy}>
              {save ?? say("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface FormFieldsProps<V extends object> {
  form: Form<V>;
  columns?: 1 | 2;
  autoFocus?: boolean;
}

/** The inputs of a form, for dialogs and for pages that lay out forms themselves. */
export function FormFields<V extends object>({ form, columns = 1, autoFocus = false }: FormFieldsProps<V>) {
  return (
    <div
      style={{
        display: "grid",
        gap: "var(--mantine-spacing-md)",
        alignItems: "start",
        gridTemplateColumns: columns === 2 ? "repeat(auto-fit, minmax(min(100%, 240px), 1fr))" : "minmax(0, 1fr)",
      }}
    >
      {form.shown.map((field, at) => (
        <FieldInput
          key={field.name}
          field={field}
          value={form.values[field.name]}
          reason={form.reasons[field.name]}
          onChange={(value) => form.set(field.name, value)}
          onBlur={() => form.leave(field.name)}
          focus={autoFocus && at === 0}
        />
      ))}
    </div>
  );
}

/** After the reasons were drawn: to the first field that has one. */
export function focusFirstWrong(form: HTMLElement | null): void {
  setTimeout(() => form?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}
