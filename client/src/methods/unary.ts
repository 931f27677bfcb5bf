import { Call, CommandCall, PagedCall } from "../calls/index.js";
import type { MethodInfo, MethodOptions, Pages } from "../contract/index.js";
import type { Command, PagedQuery, Query } from "./types.js";

/** Creates the function of a command. For generated code. */
export function command<Request, Response, Errors = object>(
  options: MethodOptions<NoInfer<Errors>>,
): Command<Request, Response, Errors> {
  const method: MethodInfo = { repeat: "never", ...options, kind: "command", stream: "unary" };
  return Object.assign(
    (...[caller, request, given]: Parameters<Command<Request, Response>>) =>
      new CommandCall<Response, Errors>(caller, method, request, given),
    { method },
  );
}

/** Creates the function of a query. For generated code. */
export function query<Request, Response, Errors = object>(
  options: MethodOptions<NoInfer<Errors>>,
): Query<Request, Response, Errors> {
  const method: MethodInfo = { repeat: "safe", ...options, kind: "query", stream: "unary" };
  return Object.assign(
    (...[caller, request, given]: Parameters<Query<Request, Response>>) =>
      new Call<Response, Errors>(caller, method, request, given),
    { method },
  );
}

/** Creates the function of a query that returns a list in pages. For generated code. */
export function pagedQuery<Request, Response, Item, Errors = object>(
  options: MethodOptions<NoInfer<Errors>> & { readonly pages: Pages<keyof Response & string> },
): PagedQuery<Request, Response, Item, Errors> {
  const method = { repeat: "safe", ...options, kind: "query", stream: "unary" } as const;
  return Object.assign(
    (...[caller, request, given]: Parameters<PagedQuery<Request, Response, Item>>) =>
      new PagedCall<Response, Item, Errors>(caller, method, request, given),
    { method },
  );
}
