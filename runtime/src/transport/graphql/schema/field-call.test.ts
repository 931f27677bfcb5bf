import { type GraphQLResolveInfo, type OperationDefinitionNode, parse } from "graphql";
import { expect, it } from "vitest";
import type { AnyMethod } from "../../../cqrs/index.js";
import { toContext } from "../context/index.js";
import { FieldCall } from "./field-call.js";

const command = { kind: "command" } as AnyMethod;
const query = { kind: "query" } as AnyMethod;
const infoOf = (source: string, key = "a") =>
  ({
    operation: parse(source).definitions[0] as OperationDefinitionNode,
    path: { key },
  }) as unknown as GraphQLResolveInfo;
const context = toContext({ headers: { "idempotency-key": "k", "if-match": '"3"' } });

it("passes the command id and the expected version of the request to a command", () => {
  const call = new FieldCall(context, command, infoOf("mutation { a }"));
  expect([call.commandId, call.expectedVersion]).toEqual(["k", 3]);
  const ofQuery = new FieldCall(context, query, infoOf("{ a }"));
  expect([ofQuery.commandId, ofQuery.expectedVersion]).toEqual([undefined, undefined]);
});

it("derives a command id for each of several mutations that no request can send", () => {
  const several = toContext({ headers: { "idempotency-key": "k" } });
  expect(new FieldCall(several, command, infoOf("mutation { a b }", "b")).commandId).toBe("k b");
  expect(() => new FieldCall(toContext({ headers: { "idempotency-key": "k b" } }), command)).toThrow("Idempotency-Key");
});

it("accepts an expected version for a single mutation only", () => {
  expect(() => new FieldCall(context, command, infoOf("mutation { a b }"))).toThrow(
    "each mutation in its own operation",
  );
});

it("reads headers of servers that pass lists", () => {
  expect(() => new FieldCall(toContext({ headers: { "idempotency-key": ["a", "b"] } }), command)).toThrow(
    "Idempotency-Key",
  );
});
