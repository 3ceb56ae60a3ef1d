/** What a browser can tell about a picked file before it is sent: size of a picture, length and first frame of a film. */
import type { Body, FileInfo } from "@roschat/shared/protocol.ts";

export type MediaKind = "image" | "video" | "audio" | "file";

export interface Attachment {
  blob: Blob;
  name: string;
  kind: MediaKind;
  voice: boolean;
  caption: string;
  width: number;
  height: number;
  duration: number;
  waveform: number[];
  preview: Blob | undefined;
}

const IMAGES = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/;
const WAIT = 5_000;

export function kindOf(type: string): MediaKind {
  if (IMAGES.test(type)) return "image";
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("audio/")) return "audio";
  return "file";
}

export const extensionOf = (name: string) => (/\.([^.]{1,10})$/.exec(name)?.[1] ?? "").toLowerCase();

export async function attachmentOf(file: File, caption: string, asFile: boolean): Promise<Attachment> {
  const kind = asFile ? "file" : kindOf(file.type);
  const base: Attachment = {
    blob: file,
    name: file.name || "file",
    kind,
    voice: false,
    caption,
    width: 0,
    height: 0,
    duration: 0,
    waveform: [],
    preview: undefined,
  };
  try {
    if (kind === "image") return { ...base, ...(await pictureSize(file)) };
    if (kind === "video") return { ...base, ...(await film(file)) };
    if (kind === "audio") return { ...base, duration: await soundLength(file) };
  } catch {
    return { ...base, kind: kind === "image" ? "file" : kind };
  }
  return base;
}

async function pictureSize(file: File): Promise<{ width: number; height: number }> {
  const picture = await createImageBitmap(file);
  const size = { width: picture.width, height: picture.height };
  picture.close();
  return size;
}

async function film(
  file: File,
): Promise<{ width: number; height: number; duration: number; preview: Blob | undefined }> {
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  try {
    video.muted = true;
    video.preload = "auto";
    video.src = url;
    await happened(video, "loadeddata");
    const size = { width: video.videoWidth, height: video.videoHeight, duration: finite(video.duration) };
    if (!size.width) return { ...size, preview: undefined };
    const canvas = document.createElement("canvas");
    const scale = Math.min(1, 640 / Math.max(size.width, size.height));
    canvas.width = Math.round(size.width * scale);
    canvas.height = Math.round(size.height * scale);
    canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    const preview = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    return { ...size, preview: preview ?? undefined };
  } finally {
    URL.revokeObjectURL(url);
  }
}

async function soundLength(file: File): Promise<number> {
  const audio = document.createElement("audio");
  const url = URL.createObjectURL(file);
  try {
    audio.preload = "metadata";
    audio.src = url;
    await happened(audio, "loadedmetadata");
    return finite(audio.duration);
  } finally {
    URL.revokeObjectURL(url);
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : 0);

function happened(element: HTMLMediaElement, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${name}`)), WAIT);
    element.addEventListener(name, () => resolve(clearTimeout(timer)), { once: true });
    element.addEventListener("error", () => reject(new Error("unreadable")), { once: true });
  });
}

/** The body of the message that carries a stored file. */
export function bodyFor(attachment: Attachment, info: FileInfo, preview: string): Body {
  const { name, caption: text, duration, waveform } = attachment;
  const base = { file: info.file, name, extension: extensionOf(name), size: info.size };
  const size = { width: info.width || attachment.width, height: info.height || attachment.height };
  const words = text ? { text } : {};
  const previewFile = info.previewFile || preview;
  const small = previewFile ? { previewFile } : {};
  switch (attachment.kind) {
    case "image":
      return { type: "image", ...base, ...size, ...small, ...words };
    case "video":
      return { type: "video", ...base, ...size, ...small, duration, ...words };
    case "audio":
      return { type: "audio", ...base, duration, ...(attachment.voice ? { voice: true, waveform } : {}) };
    case "file":
      return { type: "file", ...base, ...words };
  }
}
