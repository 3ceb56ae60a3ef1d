/** «Добавление роли»: name and description. */
import { FormDialog } from "@console/kit/FormDialog.tsx";
import { words } from "./words.ts";

interface Values {
  name: string;
  description: string;
}

interface RoleDialogProps {
  title: string;
  initial: Values;
  /** The base role keeps its name. */
  base?: boolean;
  onSave: (values: Values) => Promise<void>;
  onClose: () => void;
}

export function RoleDialog({ title, initial, base = false, onSave, onClose }: RoleDialogProps) {
  const say = words.use();
  return (
    <FormDialog<Values>
      title={title}
      close={say("cancel")}
      fields={[
        { name: "name", label: say("name"), required: true, maxLength: 100, disabled: base },
        { name: "description", label: say("description"), kind: "lines", maxLength: 1000 },
      ]}
      initial={initial}
      onSave={onSave}
      onClose={onClose}
    />
  );
}
