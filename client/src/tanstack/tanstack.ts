import type { Caller, StreamOptions } from "../calls/index.js";
import type { CallError } from "../errors/index.js";
import type { AnyMethod, Command, PagedQuery, Query, ServerStream } from "../methods/index.js";

/** The key of a query: `[service, method, request]`, so that those of a service or of a method can be invalidated together. */
export type QueryKey = readonly [service: string, method: string, request?: unknown, ...more: readonly unknown[]];

/** Never: the client itself repeats what may be repeated. The type of the error is that of `error` in components. */
export type NoRetry<Errors> = (failures: number, error: CallError<Errors>) => boolean;

/** The options of `useQuery`. */
export interface QueryOptions<Response, Errors> {
  /** Identifies the query. */
  readonly queryKey: QueryKey;
  /** Asks the query. */
  readonly queryFn: (context: { readonly signal: AbortSignal }) => Promise<Response>;
  /** The client has repeated what may be repeated. */
  readonly retry: NoRetry<Errors>;
}

/** The options of `useInfiniteQuery`. */
export interface InfiniteQueryOptions<Response, Errors> {
  /** Identifies the query. */
  readonly queryKey: QueryKey;
  /** Asks for a page. */
  readonly queryFn: (context: { readonly pageParam: string; readonly signal: AbortSignal }) => Promise<Response>;
  /** The token of the first page. */
  readonly initialPageParam: string;
  /** The token of the page after the last one. */
  readonly getNextPageParam: (last: Response) => string | undefined;
  /** The client has repeated what may be repeated. */
  readonly retry: NoRetry<Errors>;
}

/** The options of `useMutation`. */
export interface MutationOptions<Request, Response, Errors> {
  /** Identifies the mutations of a method. */
  readonly mutationKey: readonly [service: string, method: string];
  /** Sends the command. */
  readonly mutationFn: (request: Request) => Promise<Response>;
  /** The client has repeated what may be repeated. */
  readonly retry: NoRetry<Errors>;
}

/** The cache of TanStack Query, by its shape. */
export interface QueryCache {
  /** Returns the data of a query. */
  getQueryData(key: QueryKey): unknown;
  /** Replaces the data of a query. */
  setQueryData(key: QueryKey, data: unknown): unknown;
}

/** The options of `useQuery` for a stream. */
export interface LiveQueryOptions<Data, Errors> {
  /** Identifies the query. */
  readonly queryKey: QueryKey;
  /** Follows the stream as long as a component shows it. */
  readonly queryFn: (context: { readonly signal: AbortSignal; readonly client: QueryCache }) => Promise<Data>;
  /** The stream reconnects by itself. */
  readonly retry: NoRetry<Errors>;
  /** The stream brings what is new. */
  readonly refetchOnWindowFocus: false;
  /** The stream reconnects by itself. */
  readonly refetchOnReconnect: false;
}

/** What a live query passes to its stream: the limit of silence, and who wants to know the state of the connection. */
export type LiveStreamOptions = Pick<StreamOptions, "headers" | "idleTimeout" | "onState">;

/** The key of the queries of a method: of one request, or of all if none is given. */
export function queryKey<Request>(
  { method }: Pick<AnyMethod, "method"> & ((caller: Caller, request: Request) => unknown),
  request?: Request,
): QueryKey {
  const { service, name } = method;
  if (request === undefined) return [service, name];
  // Keys are JSON: the messages of libraries are not, since they have integers of 64 bits.
  return [service, name, method.request ? method.request.toJson(request) : request];
}

/** The options of `useQuery` for a query. */
export function queryOptions<Request, Response, Item, Errors>(
  caller: Caller,
  query: Query<Request, Response, Errors> | PagedQuery<Request, Response, Item, Errors>,
  request: Request,
): QueryOptions<Response, Errors> {
  return {
    queryKey: queryKey(query, request),
    queryFn: ({ signal }) => query(caller, request, { signal }),
    retry: never,
  };
}

/** The options of `useInfiniteQuery` for a list in pages. */
export function infiniteQueryOptions<Request, Response, Item, Errors>(
  caller: Caller,
  query: PagedQuery<Request, Response, Item, Errors>,
  request: Request,
): InfiniteQueryOptions<Response, Errors> {
  const { token = "pageToken", next = "nextPageToken" } = query.method.pages ?? {};
  return {
    queryKey: [...queryKey(query, request), "pages"] as unknown as QueryKey,
    queryFn: ({ pageParam, signal }) => query(caller, { ...request, [token]: pageParam }, { signal }),
    initialPageParam: "",
    getNextPageParam: (last) => (last as Readonly<Record<string, string>>)[next] || undefined,
    retry: never,
  };
}

/** The options of `useMutation` for a command. */
export function mutationOptions<Request, Response, Errors>(
  caller: Caller,
  command: Command<Request, Response, Errors>,
): MutationOptions<Request, Response, Errors> {
  const { service, name } = command.method;
  return {
    mutationKey: [service, name],
    mutationFn: (request) => command(caller, request),
    retry: never,
  };
}

/** The options of `useQuery` for a stream: the data are its last message. */
export function liveQueryOptions<Request, Message, Errors>(
  caller: Caller,
  stream: ServerStream<Request, Message, Errors>,
  request: Request,
  reduce?: undefined,
  options?: LiveStreamOptions,
): LiveQueryOptions<Message, Errors>;
/** The options of `useQuery` for a stream: the data are what `reduce` makes of its messages. */
export function liveQueryOptions<Request, Message, Errors, Data>(
  caller: Caller,
  stream: ServerStream<Request, Message, Errors>,
  request: Request,
  reduce: (data: Data | undefined, message: Message) => Data,
  options?: LiveStreamOptions,
): LiveQueryOptions<Data, Errors>;
export function liveQueryOptions<Request, Message, Errors>(
  caller: Caller,
  stream: ServerStream<Request, Message, Errors>,
  request: Request,
  reduce: (data: unknown, message: Message) => unknown = (_, message) => message,
  options?: LiveStreamOptions,
): LiveQueryOptions<unknown, Errors> {
  const key = queryKey(stream, request);
  return {
    queryKey: key,
    // Resolves only when the stream ends, so that its signal is aborted when no component shows it any more.
    queryFn: async ({ signal, client }) => {
      let data: unknown;
      for await (const message of stream(caller, request, { ...options, signal })) {
        data = reduce(data, message);
        client.setQueryData(key, data);
      }
      return data ?? null;
    },
    retry: never,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  };
}

function never(): boolean {
  return false;
}
