/** Ways that are no commands: files that go up, archives and logs that come down. */
import { addressOf, queryOf, send, settled } from "./client.ts";
import type { Streams } from "./generated.ts";

/** The address of a stream to read, for links and `download`. */
export function addressOfStream(way: Extract<Streams, `GET ${string}`>, request: Record<string, unknown> = {}): string {
  const { url, rest } = addressOf(way, request);
  return url + queryOf(rest);
}

/** Save what a stream gives as a file. Refusals become ApiError before anything is saved. */
export async function download(
  way: Extract<Streams, `GET ${string}`>,
  request: Record<string, unknown> = {},
  name = "",
): Promise<void> {
  const response = await send(addressOfStream(way, request));
  saveAs(await response.blob(), name || nameOf(response) || "file");
}

/** Save a text or bytes that we have as a file. */
export function saveAs(content: Blob | string, name: string, type = "application/octet-stream"): void {
  const url = URL.createObjectURL(typeof content === "string" ? new Blob([content], { type }) : content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export interface UploadOptions {
  /** Path and query fields. */
  request?: Record<string, unknown>;
  /** The content type; that of the file when left out. */
  type?: string;
  onProgress?: (sent: number, total: number) => void;
  signal?: AbortSignal;
}

/** Send a file as the body; answers the JSON that came back. */
export async function upload<T = unknown>(
  way: Exclude<Streams, `GET ${string}`>,
  file: Blob,
  options: UploadOptions = {},
): Promise<T> {
  const { method, url, rest } = addressOf(way, options.request ?? {});
  const headers = { "content-type": options.type || file.type || "application/octet-stream" };
  if (!options.onProgress) {
    const init = { method, headers, body: file, ...(options.signal ? { signal: options.signal } : {}) };
    return (await send(url + queryOf(rest), init)).json() as Promise<T>;
  }
  return sendWithProgress<T>(method, url + queryOf(rest), headers["content-type"], file, options);
}

/** fetch tells nothing of what was sent; the older interface does. Its answer goes through the same refusals. */
async function sendWithProgress<T>(
  method: string,
  url: string,
  type: string,
  file: Blob,
  { onProgress, signal }: UploadOptions,
): Promise<T> {
  const answer = new Promise<Response>((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open(method, url);
    sending.setRequestHeader("content-type", type);
    sending.upload.onprogress = (event) => onProgress?.(event.loaded, event.total || file.size);
    sending.onload = () => resolve(new Response(sending.responseText || null, { status: sending.status }));
    sending.onerror = () => reject(new TypeError("the server cannot be reached"));
    sending.onabort = () => reject(new DOMException("The upload was stopped.", "AbortError"));
    signal?.addEventListener("abort", () => sending.abort());
    sending.send(file);
  });
  return (await settled(answer)).json() as Promise<T>;
}

function nameOf(response: Response): string {
  const told = response.headers.get("content-disposition") ?? "";
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(told)?.[1];
  return wide ? decodeURIComponent(wide) : (/filename="?([^";]+)"?/i.exec(told)?.[1] ?? "");
}
