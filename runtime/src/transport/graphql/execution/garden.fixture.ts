// A schema whose sources are plain data, as messages are, with references by key: what operations write as text.
import { buildSchema, type GraphQLObjectType, type GraphQLSchema, isScalarType, isUnionType } from "graphql";
import { asPure, asReference, asSourceResolver, BatchLoader } from "../schema/index.js";
import { scalars } from "../values/index.js";
import type { Random } from "./zoo.fixture.js";

const types = `
  scalar Int64 scalar UInt64 scalar UInt32 scalar DateTime scalar JSON
  enum Mood { HAPPY SLEEPY }
  type Plant { id: ID! name: String! note: String height: Float age: Int! seeds: Int64! roots: UInt64 leaves: UInt32! wild: Boolean
    planted: DateTime mood: Mood extra: JSON tags: [String!]! moods: [Mood] rows: [[Int!]] parts: [Part!]! odd: [Part] main: Part
    either: Either owner: Person keeper: Person! }
  type Part { size: Int! label: String owner: Person plant: Plant }
  type Stone { weight: Float! owner: Person }
  union Either = Part | Stone
  type Person { key: ID! name: String boss: Person! home: Plant }
  type Query { plant: Plant plants: [Plant!]! maybe: [Plant] person: Person! either: Either number: Int }
`;

type Source = Record<string, unknown>;

/** What a loader was asked for: a list of keys for each batch. */
export type Loads = string[][];

/** `faults`: how likely a value is missing, wrong or an error. Equal random numbers create equal gardens. */
export function createGarden(
  random: Random,
  faults: number,
): { readonly schema: GraphQLSchema; readonly loads: Loads } {
  const schema = buildSchema(types);
  for (const type of Object.values(schema.getTypeMap())) {
    const scalar = isScalarType(type) && Object.hasOwn(scalars, type.name) ? scalars[type.name] : undefined;
    if (scalar !== undefined && isScalarType(type)) {
      type.serialize = scalar.serialize;
    } else if (isUnionType(type)) {
      type.resolveType = asPure((value: { readonly kind?: string }) => value.kind) as never;
    }
  }
  const plants = Array.from({ length: 4 }, (_, at) => createPlant(`plant ${at}`, random, faults));
  const people = new Map(
    Array.from({ length: 6 }, (_, at): [string, unknown] => {
      const person = { key: `p${at}`, name: word(random), bossKey: `p${(at * 5 + 1) % 6}`, homeKey: `plant ${at % 4}` };
      return [`p${at}`, random() < faults ? spoil(random) : person];
    }),
  );
  const loads: Loads = [];
  const find = (found: ReadonlyMap<string, unknown>) => {
    const loader = new BatchLoader<unknown>(async (keys) => {
      loads.push([...keys]);
      return keys.map((key) => found.get(key) as Error | undefined);
    }, 1000);
    return (property: string) => {
      const key = (source: unknown) => {
        const value = (source as Source)[property];
        return typeof value === "string" && value !== "" ? value : undefined;
      };
      return asReference(
        asSourceResolver((source) => {
          const one = key(source);
          return one === undefined ? null : loader.get(one);
        }),
        { key, loader: () => loader },
      );
    };
  };
  const person = find(people);
  const plant = find(new Map(plants.map((one) => [String(one["id"]), one])));
  const set = (type: string, field: string, resolve: unknown): void => {
    const found = (schema.getType(type) as GraphQLObjectType).getFields()[field] as { resolve?: unknown };
    found.resolve = resolve;
  };
  for (const type of ["Plant", "Part", "Stone"]) set(type, "owner", person("ownerKey"));
  set("Plant", "keeper", person("keeperKey"));
  set("Person", "boss", person("bossKey"));
  set("Person", "home", plant("homeKey"));
  set("Part", "plant", plant("plantKey"));
  // Reads from the source, as converted fields do.
  set("Plant", "mood", asPure(asSourceResolver((source) => (source as Source)["moodName"])));
  const later = <T>(value: T) => (random() < 0.5 ? value : Promise.resolve(value));
  const root: Source = {
    plant: plants[0],
    plants: random() < faults ? spoil(random) : plants,
    maybe: [plants[1], null, plants[0]],
    person: people.get("p0"),
    either: createPart(random, faults),
    number: Math.floor(random() * 100),
  };
  const values = new Map(Object.entries(root).map(([name, value]) => [name, later(value)]));
  for (const [name, value] of values) set("Query", name, () => value);
  return { schema, loads };
}

function createPlant(id: string, random: Random, faults: number): Source {
  const plant: Source = {
    id,
    name: word(random),
    note: random() < 0.5 ? undefined : word(random),
    height: random() < 0.5 ? random() * 1e21 : -0,
    age: Math.floor(random() * 100) - 50,
    seeds: pick(random, [0n, -5n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), 12n]),
    roots: pick(random, [0n, 2n ** 64n - 1n, 7n, undefined]),
    leaves: pick(random, [0, 4_294_967_295, 12]),
    wild: pick(random, [true, false, undefined]),
    planted: pick(random, [undefined, { seconds: 1_700_000_000n, nanos: 500_000_000 }, new Date(5)]),
    moodName: pick(random, ["HAPPY", "SLEEPY", null]),
    extra: pick(random, [undefined, { a: [1, "x", null], __proto__: 2 }, "text", 5, true]),
    tags: Array.from({ length: Math.floor(random() * 3) }, () => word(random)),
    moods: pick(random, [undefined, [], ["HAPPY", null]]),
    rows: pick(random, [undefined, [[1, 2], null, []]]),
    parts: Array.from({ length: Math.floor(random() * 3) }, () => createPart(random, faults)),
    odd: [null, createPart(random, faults), undefined],
    main: random() < 0.5 ? undefined : createPart(random, faults),
    either:
      random() < 0.5
        ? undefined
        : { ...createPart(random, faults), weight: 1.5, kind: pick(random, ["Part", "Stone"]) },
    ownerKey: pick(random, ["p1", "p2", "p3", "", undefined, "nobody"]),
    keeperKey: pick(random, ["p3", "p4"]),
  };
  for (const name of Object.keys(plant)) if (name !== "id" && random() < faults) plant[name] = spoil(random);
  return plant;
}

function createPart(random: Random, faults: number): Source {
  return {
    kind: random() < faults ? "Plant" : "Part",
    size: random() < faults ? spoil(random) : Math.floor(random() * 10),
    label: word(random),
    ownerKey: pick(random, ["p1", "p5", ""]),
    plantKey: pick(random, ["plant 1", undefined]),
  };
}

const words = [
  "",
  "plain",
  'a "quoted" word',
  "back\\slash",
  "line\nbreak\u0001",
  "\ud800 alone",
  "🌱",
  "ä\u2028",
  "long ".repeat(30),
];

function word(random: Random): string {
  return pick(random, words);
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

function spoil(random: Random): unknown {
  return pick(random, [
    null,
    undefined,
    new Error("spoilt"),
    "wrong",
    1.5,
    {},
    [null],
    Number.NaN,
    () => "called",
    new Set([1]),
  ]);
}
