// Options for TanStack Query as plain data. Imports nothing of it, so that it fits React, Vue, Solid, Svelte and Angular alike.
export {
  type InfiniteQueryOptions,
  infiniteQueryOptions,
  type LiveQueryOptions,
  type LiveStreamOptions,
  liveQueryOptions,
  type MutationOptions,
  mutationOptions,
  type NoRetry,
  type QueryCache,
  type QueryKey,
  type QueryOptions,
  queryKey,
  queryOptions,
} from "./tanstack.js";
