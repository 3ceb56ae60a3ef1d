/** A picture in full size, over everything. */
import { Modal } from "@mantine/core";
import { IconDownload, IconX } from "@tabler/icons-react";
import { fileUrl } from "../state/uploads.ts";
import { useWords } from "../words/index.ts";
import { useDesk } from "./desk.ts";
import styles from "./Lightbox.module.css";

export function Lightbox() {
  const say = useWords();
  const picture = useDesk((state) => state.picture);
  if (!picture) return null;
  const close = () => useDesk.setState({ picture: undefined });
  return (
    <Modal.Root opened onClose={close} fullScreen transitionProps={{ duration: 120 }}>
      <Modal.Content className={styles.content} aria-label={picture.name}>
        <div className={styles.bar}>
          <span className="clip">{picture.name}</span>
          <a href={fileUrl(picture.file)} download={picture.name} aria-label={say("file.download")}>
            <IconDownload size={22} />
          </a>
          <button type="button" onClick={close} aria-label={say("common.close")}>
            <IconX size={24} />
          </button>
        </div>
        <button type="button" className={styles.stage} onClick={close} aria-label={say("common.close")} tabIndex={-1}>
          <img src={fileUrl(picture.file)} alt={picture.name} />
        </button>
      </Modal.Content>
    </Modal.Root>
  );
}
