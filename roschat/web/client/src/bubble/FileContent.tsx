import type { FileBody } from "@roschat/shared/protocol.ts";
import { IconDownload } from "@tabler/icons-react";
import { extensionOf } from "../state/media.ts";
import { fileUrl } from "../state/uploads.ts";
import { fileSize } from "../text/time.ts";
import { useWords } from "../words/index.ts";
import styles from "./Content.module.css";

export function FileContent({ body }: { body: FileBody }) {
  const say = useWords();
  const extension = (body.extension || extensionOf(body.name)).slice(0, 4);
  return (
    <a
      className={styles.file}
      href={fileUrl(body.file)}
      download={body.name}
      aria-label={say("file.downloadNamed", { name: body.name })}
    >
      <span className={styles.fileIcon}>{extension || <IconDownload size={20} />}</span>
      <span className={styles.fileWords}>
        <span className={styles.fileName}>{body.name}</span>
        <span className={styles.fileSize}>{body.size ? fileSize(body.size) : say("kind.file")}</span>
      </span>
    </a>
  );
}
