/** The kit of pages. Each part may also be imported from its own file. */
export { CheckDialog, type Checked } from "./CheckDialog.tsx";
export { confirm } from "./Confirm.tsx";
export { ContactPicker, nameOfContact, type Picked } from "./ContactPicker.tsx";
export { type Choosing, type Column, DataTable, type Key } from "./DataTable.tsx";
export { Asked, Empty, Failure, Loading } from "./Empty.tsx";
export { type Choice, type Field, FieldInput, type InputProps, sentence } from "./Field.tsx";
export { FormDialog, FormFields, focusFirstWrong } from "./FormDialog.tsx";
export { type Form, type Reasons, useForm } from "./form.ts";
export { formatsOf, useFormats } from "./formats.ts";
export { JobProgress } from "./JobProgress.tsx";
export { Page, Section } from "./Page.tsx";
export { type Format, reasonOf } from "./rules.ts";
export { SearchBox } from "./SearchBox.tsx";
export { SettingsDialog, SettingsForm } from "./SettingsForm.tsx";
export { type State, StatusDot } from "./StatusDot.tsx";
export { type Table, type TableQuery, useTable } from "./table.ts";
export { useUnsaved } from "./unsaved.ts";
export { type Value, ValueList, Values } from "./Values.tsx";
