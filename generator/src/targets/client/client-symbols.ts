import { type ImportSymbol, symbol } from "../../printer/index.js";

const functions = [
  "bidiStream",
  "clientStream",
  "command",
  "eventType",
  "pagedQuery",
  "query",
  "readModel",
  "serverStream",
  "service",
] as const;

const types = [
  "BidiStream",
  "ClientStream",
  "Command",
  "EventType",
  "PagedQuery",
  "Query",
  "ReadModel",
  "ServerStream",
  "Service",
] as const;

const module = "@potter/client/codegen/v1";

type ClientName = (typeof functions)[number] | (typeof types)[number];

/** The symbols that generated clients import from `@potter/client/codegen/v1`. */
export const clientSymbols: { readonly [Name in ClientName]: ImportSymbol } = Object.fromEntries([
  ...functions.map((name) => [name, symbol(name, module)]),
  ...types.map((name) => [name, symbol(name, module, true)]),
]) as never;
