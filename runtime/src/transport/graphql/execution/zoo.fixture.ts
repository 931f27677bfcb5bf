// A schema with every kind of type, whose fields randomly fail, return promises or are missing.
import { buildSchema, type GraphQLSchema, isInterfaceType, isObjectType, isUnionType } from "graphql";

export const zoo = `
  interface Animal { id: ID! name: String friend: Animal keeper: Keeper! }
  type Cat implements Animal { id: ID! name: String friend: Animal keeper: Keeper! lives: Int! naps: [Float!]! kittens: [Cat!] }
  type Dog implements Animal { id: ID! name: String friend: Animal keeper: Keeper! mood: Mood tricks: [[String]!] walks(with: ID): [Keeper] }
  type Keeper { name: String! animals(first: Int = 2, moods: [Mood!]): [Animal] best: Pet busy: Boolean boss: Keeper }
  union Pet = Cat | Dog
  enum Mood { HAPPY SLEEPY }
  type Query { animal(id: ID): Animal animals: [Animal!]! pet: Pet! pets: [Pet]! keeper(in: KeeperInput): Keeper number: Int strict: Keeper! }
  type Mutation { feed(id: ID!): Animal scold: Int! rest: Keeper }
  input KeeperInput { name: String = "ada" ids: [ID!] inner: KeeperInput }
`;

export type Random = () => number;

/** Random numbers from 0 to 1, reproducible by seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The path of a field decides its outcome, so that it is the same for every executor, with or without promises (`late`). */
export function createZoo(seed: number, { nullable = false, late = true } = {}): GraphQLSchema {
  const schema = buildSchema(nullable ? zoo.replaceAll("!", "").replace("feed(id: ID)", "feed(id: ID!)") : zoo);
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    if (isInterfaceType(type) || isUnionType(type)) {
      type.resolveType = (value: { kind?: string; late?: boolean }) =>
        late && value.late ? Promise.resolve(value.kind) : value.kind;
    }
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      field.resolve = (_source: unknown, args: Record<string, unknown>, _context: unknown, info) => {
        const path: (string | number)[] = [];
        for (let at: typeof info.path | undefined = info.path; at !== undefined; at = at.prev) path.unshift(at.key);
        const random = randomFrom(seed ^ hash(path.join(".")));
        const make = () => makeValue(String(field.type).replaceAll("!", ""), random, args, late);
        return createOutcome(random, path.join("."), make, late);
      };
    }
  }
  return schema;
}

/** Returns a value, a promise, null or an error, or throws. */
function createOutcome(random: Random, path: string, value: () => unknown, late: boolean): unknown {
  const chance = random();
  if (chance < (late ? 0.55 : 0.8)) return value();
  if (chance < 0.8) return new Promise((resolve) => setImmediate(() => resolve(value())));
  if (chance < 0.85) throw new Error(`thrown at ${path}`);
  if (chance < 0.9) return late ? Promise.reject(new Error(`no ${path}`)) : new Error(`no ${path}`);
  if (chance < 0.93) return new Error(`returned at ${path}`);
  return random() < 0.5 ? null : undefined;
}

function makeValue(type: string, random: Random, args: Record<string, unknown>, late: boolean): unknown {
  if (type.startsWith("[")) {
    const item = type.slice(1, -1);
    const items = Array.from({ length: Math.floor(random() * 4) }, () => makeValue(item, random, args, late));
    if (random() < 0.2) return new Set(items);
    return items.map((one) => (random() < 0.1 ? null : random() < 0.15 && late ? Promise.resolve(one) : one));
  }
  switch (type) {
    case "Int":
      return random() < 0.1 ? "many" : Math.floor(random() * 100);
    case "Float":
      return random() < 0.1 ? Number.NaN : random();
    case "Boolean":
      return random() < 0.5;
    case "Mood":
      return random() < 0.1 ? "ANGRY" : "HAPPY";
    case "String":
    case "ID":
      return random() < 0.1 ? 7 : `${JSON.stringify(args)}`;
    case "Animal":
    case "Pet":
      return { kind: random() < 0.1 ? "Keeper" : random() < 0.5 ? "Cat" : "Dog", late: random() < 0.3 };
    default:
      return {};
  }
}

function hash(text: string): number {
  let state = 2166136261;
  for (const character of text) state = Math.imul(state ^ character.charCodeAt(0), 16777619);
  return state;
}
