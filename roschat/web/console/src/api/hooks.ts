/** Reading and changing from components; answers are kept by react-query under the key of the way. */
import { keepPreviousData, QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, type Asked, call, type GetWay, type Reply, type Request, type Way } from "./client.ts";
import { complain } from "./errors.ts";

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      placeholderData: keepPreviousData,
      retry: (count, error) => count < 2 && error instanceof ApiError && error.passing,
    },
  },
});

export interface ApiOptions {
  /** Ask only when true. */
  enabled?: boolean;
  /** Ask again every so many milliseconds, while the page is seen. */
  every?: number;
  /** Show nothing, not the answer to the former question, while another is asked. */
  fresh?: boolean;
}

/** Read: `useApi("GET /contacts/{cid}", { cid })`. Ways that only look but take a body (POST …/find) do as well. */
export function useApi<W extends GetWay | FindWay>(way: W, ...[request, options]: ReadArguments<W>) {
  return useQuery<Reply<W>, ApiError>({
    queryKey: [way, request ?? {}],
    queryFn: () => call(way, ...([request] as unknown as Asked<W>)),
    enabled: options?.enabled ?? true,
    ...(options?.every ? { refetchInterval: options.every } : {}),
    ...(options?.fresh ? { placeholderData: undefined } : {}),
  });
}

type FindWay = Extract<Way, `POST ${string}`>;
type ReadArguments<W extends Way> =
  Asked<W> extends [request?: Request<W>]
    ? [request?: Request<W>, options?: ApiOptions]
    : [request: Request<W>, options?: ApiOptions];

export interface SaveOptions<W extends Way> {
  /** Ways whose answers are no longer true after it. */
  invalidates?: readonly Way[];
  /** Do not tell about a failure in a notice; the caller shows it. A FormDialog does so without this. */
  quiet?: boolean;
  onDone?: (reply: Reply<W>, request: Request<W>) => void;
}

/** Change: `const save = useSave("PUT /contacts/{cid}", { invalidates: ["GET /contacts"] }); await save.mutateAsync({…})`. */
export function useSave<W extends Way>(way: W, options: SaveOptions<W> = {}) {
  const client = useQueryClient();
  return useMutation<Reply<W>, ApiError, Request<W>>({
    mutationFn: (request) => call(way, ...([request] as unknown as Asked<W>)),
    onSuccess: async (reply, request) => {
      options.onDone?.(reply, request);
      await invalidate(options.invalidates ?? [], client);
    },
    onError: (error) => {
      // A form that awaits the answer shows it itself, and says so before this runs.
      setTimeout(() => {
        if (!options.quiet && !error.told) complain(error);
      });
    },
  });
}

/** Have the answers of these ways asked again. */
export async function invalidate(ways: readonly Way[], client: QueryClient = queries): Promise<void> {
  await Promise.all(ways.map((way) => client.invalidateQueries({ queryKey: [way] })));
}
