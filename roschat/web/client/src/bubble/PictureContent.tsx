/** Pictures and films, in the room they will need before they are loaded. */
import type { ImageBody, VideoBody } from "@roschat/shared/protocol.ts";
import { useDesk } from "../chat/desk.ts";
import { fileUrl } from "../state/uploads.ts";
import { useWords } from "../words/index.ts";
import styles from "./Content.module.css";

const WIDEST = 380;
const TALLEST = 340;
const NARROWEST = 130;

/** The size on the screen for a picture's own size; unknown sizes get a square. */
export function shownSize(width = 0, height = 0): { width: number; aspectRatio: string } {
  if (!width || !height) return { width: 260, aspectRatio: "1" };
  const scale = Math.min(1, WIDEST / width, TALLEST / height);
  const shown = Math.max(NARROWEST, Math.round(width * scale));
  return { width: shown, aspectRatio: `${shown} / ${Math.max(60, Math.round(height * scale))}` };
}

export function ImageContent({ body }: { body: ImageBody }) {
  const say = useWords();
  const name = body.name || say("kind.image");
  return (
    <button
      type="button"
      className={styles.picture}
      style={shownSize(body.width, body.height)}
      aria-label={say("image.open", { name })}
      onClick={() => useDesk.setState({ picture: { file: body.file, name } })}
    >
      <img src={fileUrl(body.previewFile || body.file)} alt="" loading="lazy" draggable={false} />
    </button>
  );
}

export function VideoContent({ body }: { body: VideoBody }) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: films sent by people have no captions
    <video
      className={styles.video}
      style={shownSize(body.width || 16 * 20, body.height || 9 * 20)}
      src={fileUrl(body.file)}
      poster={body.previewFile ? fileUrl(body.previewFile) : undefined}
      controls
      preload={body.previewFile ? "none" : "metadata"}
      aria-label={body.name}
    />
  );
}
