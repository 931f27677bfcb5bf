import type { AnyMethod } from "../cqrs/index.js";
import type { BoundMethod } from "../http/index.js";
import type { App } from "./app.js";

/** Binds each method to what dispatches its calls. */
export function bindMethods(methods: Iterable<AnyMethod>, dispatch: App["dispatch"]): readonly BoundMethod[] {
  return Array.from(methods, (method) => ({ method, invoke: dispatch.bind(undefined, method) }));
}
