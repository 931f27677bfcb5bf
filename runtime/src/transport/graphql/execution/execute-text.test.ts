// Results that are written as text are the texts of the results of graphql-js.
import {
  buildSchema,
  type ExecutionResult,
  execute,
  type GraphQLObjectType,
  type GraphQLSchema,
  getOperationAST,
  parse,
} from "graphql";
import { afterEach, describe, expect, it } from "vitest";
import { setTextAllowed } from "../../../function-text/index.js";
import { asReference, asSourceResolver, BatchLoader } from "../schema/index.js";
import { createGarden } from "./garden.fixture.js";
import { type CompiledOperation, compileOperation, toJsonText } from "./index.js";
import { JsonResult } from "./json-result.js";
import { createQuery } from "./random-query.fixture.js";
import { randomFrom } from "./zoo.fixture.js";

afterEach(() => setTextAllowed(undefined));

function compile(schema: GraphQLSchema, query: string): CompiledOperation {
  const document = parse(query);
  const operation = getOperationAST(document);
  const compiled = operation && compileOperation(schema, document, operation);
  if (!compiled) throw new Error("the operation cannot be compiled");
  return compiled;
}

interface Plain {
  readonly data?: unknown;
  readonly errors?: readonly { readonly path?: readonly (string | number)[] }[];
}

function toPlain(result: ExecutionResult): Plain {
  return JSON.parse(toJsonText(result));
}

/** Enough executions that selections of lists are compiled as straight-line code. */
const many = 60;

async function both(seed: number, faults: number, turns = 2) {
  const [reference, garden] = [createGarden(randomFrom(seed), faults), createGarden(randomFrom(seed), faults)];
  const query = createQuery(reference.schema, randomFrom(seed));
  const expected = await execute({ schema: reference.schema, document: parse(query) });
  const compiled = compile(garden.schema, query);
  const got: ExecutionResult[] = [];
  for (let turn = 0; turn < turns; turn++) got.push(await compiled({}, {}));
  return { query, expected, got };
}

describe("a random operation on data", () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);

  it("without faults has the text of graphql-js", async () => {
    for (const seed of seeds) {
      const { query, expected, got } = await both(seed, 0);
      expect(expected.errors, query).toBeUndefined();
      for (const one of got) {
        expect(one, query).toBeInstanceOf(JsonResult);
        expect(toJsonText(one), query).toBe(JSON.stringify(expected));
      }
    }
  });

  it.each([true, false])("has that text when it is used often: functions from text %s", async (allowed) => {
    setTextAllowed(allowed);
    for (const seed of seeds.slice(0, 25)) {
      for (const faults of [0, 0.01]) {
        const { query, expected, got } = await both(seed, faults, many);
        for (const one of got) {
          if (expected.errors === undefined) expect(toJsonText(one), query).toBe(JSON.stringify(expected));
          else expect(toPlain(one).data, query).toEqual(toPlain(expected).data);
        }
      }
    }
  });

  it("with faults has the same data, and errors that graphql-js reports too", async () => {
    const counts = { text: 0, errors: 0, nulls: 0 };
    for (const seed of seeds) {
      const { query, expected, got } = await both(seed, 0.02);
      for (const one of got) {
        const [plain, other] = [toPlain(one), toPlain(expected)];
        expect(plain.data, query).toEqual(other.data);
        expect(plain.errors === undefined, query).toBe(other.errors === undefined);
        // The specification leaves open which failures within a null are reported. Reported ones must be equal.
        const byPath = new Map(other.errors?.map((error) => [JSON.stringify(error.path), error]));
        for (const error of plain.errors ?? []) {
          const same = byPath.get(JSON.stringify(error.path));
          if (same !== undefined) expect(error, query).toEqual(same);
        }
        if (one instanceof JsonResult) counts.text++;
        else counts.errors++;
        if (plain.data === null) counts.nulls++;
      }
    }
    expect(counts.text).toBeGreaterThan(50);
    expect(counts.errors).toBeGreaterThan(100);
    expect(counts.nulls).toBeGreaterThan(10);
  });
});

describe("an operation that cannot be written as text", () => {
  const schema = buildSchema(`
    type Query { first: Item second: Item items: [Item!] other: Other }
    type Item { name: String! friend: Item }
    type Other { name(upper: Boolean): String }
  `);

  /** `first` and `second` refer to `one`; `first` has no name. */
  function prepare() {
    const batches: string[][] = [];
    const calls: string[] = [];
    const loader = new BatchLoader<unknown>(async (keys) => {
      batches.push([...keys]);
      return keys.map((key) => ({ name: key }));
    }, 10);
    const key = (source: unknown) => (source as { friendKey?: string }).friendKey;
    const friend = asReference(
      asSourceResolver((source) => loader.get(key(source) ?? "")),
      { key, loader: () => loader },
    );
    const set = (type: string, field: string, resolve: unknown) => {
      ((schema.getType(type) as GraphQLObjectType).getFields()[field] as { resolve?: unknown }).resolve = resolve;
    };
    const call = (name: string, value: unknown) => () => {
      calls.push(name);
      return value;
    };
    set("Item", "friend", friend);
    set("Query", "first", call("first", { friendKey: "one" }));
    set("Query", "second", call("second", Promise.resolve({ name: "second", friendKey: "one" })));
    set("Query", "other", call("other", { name: "other" }));
    return { batches, calls };
  }

  it("requests nothing twice", async () => {
    const { batches, calls } = prepare();
    const query = "{ first { name friend { name } } second { name friend { name } } }";
    expect(toPlain(await compile(schema, query)({}, {}))).toEqual({
      data: { first: null, second: { name: "second", friend: { name: "one" } } },
      errors: [expect.objectContaining({ path: ["first", "name"] })],
    });
    expect(calls).toEqual(["first", "second"]);
    expect(batches).toEqual([["one"]]);
  });

  it("is attempted once if it never can be", async () => {
    const { calls } = prepare();
    const compiled = compile(schema, "{ other { name } }");
    for (let turn = 0; turn < 2; turn++) {
      const result = await compiled({}, {});
      expect(result).not.toBeInstanceOf(JsonResult);
      expect(result).toEqual({ data: { other: { name: "other" } } });
    }
    expect(calls).toEqual(["other", "other"]);
  });

  it("reads a source that changes while its references are loaded", async () => {
    prepare();
    const source: Record<string, unknown> = { name: "first", friendKey: "one" };
    const compiled = compile(schema, "{ items { name friend { name } } }");
    const items = (schema.getQueryType() as GraphQLObjectType).getFields()["items"] as { resolve?: unknown };
    items.resolve = () => [source, { name: "second", friendKey: "two" }];
    const pending = compiled({}, {});
    source["friendKey"] = "two";
    const friend = { name: "two" };
    expect(toPlain(await pending).data).toEqual({
      items: [
        { name: "first", friend },
        { name: "second", friend },
      ],
    });
    const again = compiled({}, {});
    source["friendKey"] = "three";
    expect(toPlain(await again).data).toEqual({
      items: [
        { name: "first", friend: { name: "three" } },
        { name: "second", friend },
      ],
    });
  });
});
