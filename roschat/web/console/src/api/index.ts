/** All that pages need to talk to the server. */
export { ApiError, call, type Reply, type Request, type Way } from "./client.ts";
export { complain, errorText, reasonText, tell } from "./errors.ts";
export type * from "./generated.ts";
export { invalidate, queries, useApi, useSave } from "./hooks.ts";
export { addressOfStream, download, saveAs, upload } from "./streams.ts";
