// What an app and its transports have of each other.
import type { AnyMethod } from "../cqrs/index.js";
import type { BoundMethod, Transport } from "../http/index.js";
import type { App } from "./app.js";

/** Binds each method to what dispatches its calls. */
export function bindMethods(methods: Iterable<AnyMethod>, dispatch: App["dispatch"]): readonly BoundMethod[] {
  return Array.from(methods, (method) => ({ method, invoke: dispatch.bind(undefined, method) }));
}

/** The order in which transports are asked: as they are given, but for those that come first. */
export function inOrder(transports: readonly Transport[]): readonly Transport[] {
  return [...transports.filter(({ first }) => first), ...transports.filter(({ first }) => !first)];
}
