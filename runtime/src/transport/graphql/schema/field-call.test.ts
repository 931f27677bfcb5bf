import { type GraphQLResolveInfo, type OperationDefinitionNode, parse } from "graphql";
import { expect, it } from "vitest";
import type { AnyMethod } from "../../../cqrs/index.js";
import { toContext } from "../context/index.js";
import { CallOfField } from "./field-call.js";

const command = { kind: "command" } as AnyMethod;
const query = { kind: "query" } as AnyMethod;
const infoOf = (source: string, key = "a") =>
  ({
    operation: parse(source).definitions[0] as OperationDefinitionNode,
    path: { key },
  }) as unknown as GraphQLResolveInfo;
const context = toContext({ headers: { "idempotency-key": "k", "if-match": '"3"' } });

it("gives a command the id and the version that its request names", () => {
  const call = new CallOfField(context, command, infoOf("mutation { a }"));
  expect([call.commandId, call.expectedVersion]).toEqual(["k", 3]);
  const ofQuery = new CallOfField(context, query, infoOf("{ a }"));
  expect([ofQuery.commandId, ofQuery.expectedVersion]).toEqual([undefined, undefined]);
});

it("gives each of several mutations an id of its own that no request can name", () => {
  const several = toContext({ headers: { "idempotency-key": "k" } });
  expect(new CallOfField(several, command, infoOf("mutation { a b }", "b")).commandId).toBe("k b");
  expect(() => new CallOfField(toContext({ headers: { "idempotency-key": "k b" } }), command)).toThrow(
    "Idempotency-Key",
  );
});

it("takes an expected version for one mutation alone", () => {
  expect(() => new CallOfField(context, command, infoOf("mutation { a b }"))).toThrow(
    "each mutation in an operation of its own",
  );
});

it("knows the headers of servers that give lists", () => {
  expect(() => new CallOfField(toContext({ headers: { "idempotency-key": ["a", "b"] } }), command)).toThrow(
    "Idempotency-Key",
  );
});
