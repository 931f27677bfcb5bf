import { Call, type Caller, CommandCall, type CommandOptions, PagedCall } from "../calls/index.js";
import type { MethodInfo, MethodOptions, Pages } from "../contract/index.js";
import type { Command, PagedQuery, Query } from "./types.js";

/** Creates the function of a command. For generated code. */
export function command<Request, Response, Errors = object>(
  options: MethodOptions<NoInfer<Errors>>,
): Command<Request, Response, Errors> {
  return define(CommandCall<Response, Errors>, { repeat: "never", ...options, kind: "command", stream: "unary" });
}

/** Creates the function of a query. For generated code. */
export function query<Request, Response, Errors = object>(
  options: MethodOptions<NoInfer<Errors>>,
): Query<Request, Response, Errors> {
  return define(Call<Response, Errors>, { repeat: "safe", ...options, kind: "query", stream: "unary" });
}

/** Creates the function of a query that returns a list in pages. For generated code. */
export function pagedQuery<Request, Response, Item, Errors = object>(
  options: MethodOptions<NoInfer<Errors>> & { readonly pages: Pages<keyof Response & string> },
): PagedQuery<Request, Response, Item, Errors> {
  return define(PagedCall<Response, Item, Errors>, { repeat: "safe", ...options, kind: "query", stream: "unary" });
}

type CallClass<Made> = new (caller: Caller, method: MethodInfo, request: unknown, options?: CommandOptions) => Made;

function define<Made>(
  Created: CallClass<Made>,
  method: MethodInfo,
): ((caller: Caller, request: unknown, options?: CommandOptions) => Made) & { readonly method: MethodInfo } {
  return Object.assign(
    (caller: Caller, request: unknown, options?: CommandOptions) => new Created(caller, method, request, options),
    { method },
  );
}
