/** Files that were picked, dropped or pasted: a look before they go, a caption, and pictures as files when wanted. */
import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconFile, IconX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { write } from "../state/compose.ts";
import { attachmentOf, kindOf } from "../state/media.ts";
import { postFile } from "../state/outbox.ts";
import type { Peer } from "../state/peer.ts";
import { usePeople } from "../state/people.ts";
import { fileSize } from "../text/time.ts";
import { Action } from "../ui/Action.tsx";
import { useWords } from "../words/index.ts";
import styles from "./Composer.module.css";

interface FilesDialogProps {
  peer: Peer;
  files: File[];
  replyId: number;
  onClose: () => void;
}

export function FilesDialog({ peer, files: given, replyId, onClose }: FilesDialogProps) {
  const say = useWords();
  const limit = usePeople((state) => state.maxFileSize);
  const [files, setFiles] = useState(given);
  const [caption, setCaption] = useState("");
  const [asFiles, setAsFiles] = useState(false);
  const [busy, setBusy] = useState(false);
  const media = files.some((file) => kindOf(file.type) !== "file");
  const fitting = files.filter((file) => file.size <= limit);
  const send = async () => {
    setBusy(true);
    for (const [i, file] of fitting.entries()) {
      const attachment = await attachmentOf(file, i === 0 ? caption.trim() : "", asFiles);
      postFile(peer, attachment, i === 0 ? replyId : 0);
    }
    if (replyId) write(peer, { replyId: 0 });
    onClose();
  };
  const drop = (file: File) => {
    const rest = files.filter((it) => it !== file);
    if (rest.length === 0) onClose();
    else setFiles(rest);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={say("files.title", { count: files.length })}
      closeButtonProps={{ "aria-label": say("common.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Stack>
          <div className={styles.thumbs}>
            {files.map((file) => (
              <div key={`${file.name}/${file.size}/${file.lastModified}`} className={styles.thumb}>
                <Thumb file={file} />
                <div className={styles.thumbWords}>
                  <Text size="sm" fw={600} truncate>
                    {file.name}
                  </Text>
                  {file.size > limit ? (
                    <Text size="xs" c="var(--danger)">
                      {say("files.tooLarge", { limit: fileSize(limit) })}
                    </Text>
                  ) : (
                    <Text size="xs" c="dimmed">
                      {fileSize(file.size)}
                    </Text>
                  )}
                </div>
                <Action
                  label={say("files.drop1", { name: file.name })}
                  icon={<IconX size={17} />}
                  size={30}
                  onClick={() => drop(file)}
                />
              </div>
            ))}
          </div>
          <Textarea
            label={say("files.caption")}
            autosize
            maxRows={4}
            maxLength={2000}
            data-autofocus
            value={caption}
            onChange={(event) => setCaption(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey) return;
              event.preventDefault();
              void send();
            }}
          />
          {media && (
            <Checkbox
              label={say("files.asFiles")}
              checked={asFiles}
              onChange={(event) => setAsFiles(event.currentTarget.checked)}
            />
          )}
          <Group justify="flex-end">
            <Button type="submit" loading={busy} disabled={fitting.length === 0}>
              {say("composer.send")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function Thumb({ file }: { file: File }) {
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (kindOf(file.type) !== "image") return undefined;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (url) return <img src={url} alt="" />;
  return (
    <span>
      <IconFile size={26} aria-hidden="true" />
    </span>
  );
}
