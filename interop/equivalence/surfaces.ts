import type { App } from "@potter/runtime";
import type { Transport } from "@potter/runtime/transport";
import type { Caller } from "./caller.js";
import { graphql } from "./callers/graphql.js";
import { rest } from "./callers/rest.js";
export function transportsOf(): readonly Transport[] {
  return [];
}
export type CreateCaller = (url: string, app: App) => Caller | Promise<Caller>;
export function callersOf(): readonly CreateCaller[] {
  return [rest, graphql];
}
