import type { AnyMethod, Bus } from "../cqrs/index.js";
import type { BoundMethod } from "../http/index.js";

/** The methods of the app, as transports call them. */
export function bindMethods(methods: Iterable<AnyMethod>, bus: Bus): readonly BoundMethod[] {
  return Array.from(methods, (method) => ({
    method,
    invoke: (request, options) => bus.dispatch(method, request, options),
  }));
}
