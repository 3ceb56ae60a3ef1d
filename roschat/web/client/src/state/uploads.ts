/** Sending a file in pieces that survive a lost connection: the server says how far it got, and we go on from there. */
import { RequestFailed } from "@roschat/shared/failure.ts";
import type { FileInfo } from "@roschat/shared/protocol.ts";
import { server } from "./server.ts";

export interface UploadRun {
  /** Number of an upload that was begun before, or "". */
  upload: string;
  onBegun(upload: string): void;
  /** Share of the file that the server has, 0..1. */
  onProgress(share: number): void;
  signal: AbortSignal;
}

interface UploadState {
  upload: string;
  offset: number;
}

const BASE = "/messages/uploads";
const SHORT = 20_000;

export async function uploadFile(file: Blob, name: string, run: UploadRun): Promise<FileInfo> {
  const state = (await known(run)) ?? (await begin(name, file.size, run));
  const share = (bytes: number) => run.onProgress(file.size ? bytes / file.size : 1);
  share(state.offset);
  const answer = await patch(state, file, run.signal, share);
  share(file.size);
  return answer;
}

async function known(run: UploadRun): Promise<UploadState | undefined> {
  if (!run.upload) return undefined;
  const answer = await request("GET", `${BASE}/${run.upload}`, undefined, run.signal);
  if (answer.status === 404) return undefined;
  return read<UploadState>(answer);
}

async function begin(name: string, size: number, run: UploadRun): Promise<UploadState> {
  const state = await read<UploadState>(await request("POST", BASE, JSON.stringify({ name, size }), run.signal));
  run.onBegun(state.upload);
  return state;
}

export async function cancelUpload(upload: string): Promise<void> {
  if (upload)
    await request("DELETE", `${BASE}/${upload}`, undefined, AbortSignal.timeout(SHORT)).catch(() => undefined);
}

async function request(method: string, path: string, body: string | undefined, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      headers: {
        Authorization: `Bearer ${server.accessToken}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(SHORT)]),
      ...(body === undefined ? {} : { body }),
    });
  } catch {
    throw new RequestFailed(signal.aborted ? "cancelled" : "offline");
  }
}

async function read<T>(answer: Response): Promise<T> {
  const value = (await answer.json().catch(() => ({}))) as T & { error?: string; text?: string };
  if (!answer.ok) throw new RequestFailed(value.error ?? passingCode(answer.status), value.text ?? "");
  return value;
}

const passingCode = (status: number) => (status >= 500 || status === 0 ? "unavailable" : "unknown");

/** XMLHttpRequest and not fetch, because only it tells how much of a body has gone out. */
function patch(
  state: UploadState,
  file: Blob,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    const out = new XMLHttpRequest();
    out.open("PATCH", `${BASE}/${state.upload}`);
    out.setRequestHeader("Authorization", `Bearer ${server.accessToken}`);
    out.setRequestHeader("Upload-Offset", String(state.offset));
    out.setRequestHeader("Content-Type", "application/octet-stream");
    out.upload.onprogress = (progress) => onBytes(state.offset + progress.loaded);
    out.onerror = () => reject(new RequestFailed("offline"));
    out.onabort = () => reject(new RequestFailed("cancelled"));
    out.onload = () => {
      const value = parsed(out.responseText);
      if (out.status === 201) resolve(value as unknown as FileInfo);
      else
        reject(new RequestFailed(value.error ?? (out.status < 400 ? "offline" : passingCode(out.status)), value.text));
    };
    signal.addEventListener("abort", () => out.abort(), { once: true });
    if (signal.aborted) return reject(new RequestFailed("cancelled"));
    out.send(file.slice(state.offset));
  });
}

function parsed(text: string): { error?: string; text?: string } {
  try {
    return JSON.parse(text) as { error?: string; text?: string };
  } catch {
    return {};
  }
}

/** A small file that is needed at once (an avatar, an attachment of a publication). */
export function uploadNow(file: File, onProgress: (share: number) => void = () => undefined): Promise<FileInfo> {
  const signal = new AbortController().signal;
  return uploadFile(file, file.name, { upload: "", onBegun: () => undefined, onProgress, signal });
}

/** Where the browser gets a stored file. */
export const fileUrl = (name: string) => `/messages/data/${encodeURIComponent(name)}`;
