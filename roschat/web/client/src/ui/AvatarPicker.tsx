/** An avatar that can be replaced by a picture from the disk, or taken away. */
import { Button, FileButton, Group, Stack } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";
import { useState } from "react";
import { uploadNow } from "../state/uploads.ts";
import { useWords } from "../words/index.ts";
import { Avatar } from "./Avatar.tsx";
import { attempt } from "./attempt.ts";

interface AvatarPickerProps {
  id: number;
  name: string;
  kind: "person" | "group" | "channel";
  file: string;
  onChange: (file: string) => void;
}

export function AvatarPicker({ id, name, kind, file, onChange }: AvatarPickerProps) {
  const say = useWords();
  const [busy, setBusy] = useState(false);
  const take = async (picked: File | null) => {
    if (!picked) return;
    setBusy(true);
    await attempt(async () => {
      const info = await uploadNow(picked);
      onChange(info.previewFile || info.file);
    });
    setBusy(false);
  };
  return (
    <Group gap="md" wrap="nowrap">
      <Avatar id={id} name={name || "?"} kind={kind} file={file} size={76} />
      <Stack gap={6} align="flex-start">
        <FileButton onChange={(picked) => void take(picked)} accept="image/png,image/jpeg,image/webp,image/gif">
          {(props) => (
            <Button {...props} variant="light" size="xs" loading={busy} leftSection={<IconCamera size={16} />}>
              {say("avatar.change")}
            </Button>
          )}
        </FileButton>
        {file && (
          <Button variant="subtle" color="gray" size="xs" onClick={() => onChange("")}>
            {say("avatar.remove")}
          </Button>
        )}
      </Stack>
    </Group>
  );
}
