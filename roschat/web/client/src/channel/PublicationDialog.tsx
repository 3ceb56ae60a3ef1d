/** A new publication, or a change of one: title, text, files. */
import { Button, FileButton, Group, Modal, Pill, Stack, Textarea, TextInput } from "@mantine/core";
import type { ChannelView, PublicationFile, PublicationView } from "@roschat/shared/protocol.ts";
import { IconPaperclip } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { fetchChannel, loadFeed } from "../state/channels.ts";
import { kindOf } from "../state/media.ts";
import { newKey } from "../state/parcel.ts";
import { server } from "../state/server.ts";
import { uploadNow } from "../state/uploads.ts";
import { attempt } from "../ui/attempt.ts";
import { useWords } from "../words/index.ts";

interface PublicationDialogProps {
  channel: ChannelView;
  edited?: PublicationView;
  onClose: () => void;
}

export function PublicationDialog({ channel, edited, onClose }: PublicationDialogProps) {
  const say = useWords();
  const [title, setTitle] = useState(edited?.title ?? "");
  const [text, setText] = useState(edited?.text ?? "");
  const [files, setFiles] = useState<PublicationFile[]>(edited?.files ?? []);
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const { chId } = channel;
  const attach = async (picked: File[]) => {
    setBusy(true);
    for (const file of picked) {
      await attempt(async () => {
        const info = await uploadNow(file);
        const { previewFile = "", width = 0, height = 0, size } = info;
        const added = {
          file: info.file,
          name: file.name,
          type: kindOf(info.contentType),
          previewFile,
          size,
          width,
          height,
        };
        setFiles((now) => [...now, added]);
      });
    }
    setBusy(false);
  };
  const publish = async () => {
    setBusy(true);
    const content = { chId, title: title.trim(), text: text.trim(), files };
    const done = await attempt(async () => {
      if (edited) await server.call("edit-publication", { ...content, pubId: edited.pubId });
      else await server.call("send-publication", { ...content, key: key.current });
      await Promise.all([loadFeed(chId), fetchChannel(chId)]);
    });
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={say(edited ? "publication.edit" : "publication.new")}
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <Stack>
          <TextInput
            label={say("publication.title")}
            required
            maxLength={200}
            data-autofocus
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Textarea
            label={say("publication.text")}
            autosize
            minRows={6}
            maxRows={16}
            maxLength={20_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {files.length > 0 && (
            <Pill.Group>
              {files.map((file) => (
                <Pill
                  key={file.file}
                  withRemoveButton
                  onRemove={() => setFiles(files.filter((it) => it !== file))}
                  removeButtonProps={{ "aria-label": say("files.drop1", { name: file.name }) }}
                >
                  {file.name}
                </Pill>
              ))}
            </Pill.Group>
          )}
          <Group justify="space-between">
            <FileButton multiple onChange={(picked) => void attach(picked)}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconPaperclip size={17} />} disabled={busy}>
                  {say("attach.file")}
                </Button>
              )}
            </FileButton>
            <Button type="submit" loading={busy} disabled={!title.trim()}>
              {say(edited ? "common.save" : "publication.publish")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
