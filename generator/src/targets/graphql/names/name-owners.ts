import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { type Model, messagesOf } from "../../../model/index.js";
import { type Scope, scalarOfMessage } from "../contract/index.js";
import { toInputName, toTypeName } from "./graphql-name.js";

/**
 * The types that own a short name if several have it: the first by file order, so that types added later take no name
 * away.
 */
export interface NameOwners {
  readonly output: ReadonlyMap<string, DescMessage | DescEnum>;
  readonly input: ReadonlyMap<string, DescMessage | DescEnum>;
}

/** Visits all types that are reachable from a schema. */
export function findNameOwners({ services, files: own }: Scope, { files: generated, graphql }: Model): NameOwners {
  const files = generated.map(({ desc }) => desc);
  const output = new Set<DescMessage | DescEnum>();
  const input = new Set<DescMessage | DescEnum>();
  for (const { desc } of services.flatMap(({ methods }) => methods)) {
    if (graphql.method(desc).ignore) continue;
    collect(desc.input, input);
    collect(desc.output, output);
  }
  for (const { aggregates, desc } of own) {
    for (const { events, desc: aggregate } of aggregates) {
      if (graphql.type(aggregate).events) for (const event of events) collect(event.desc, output);
    }
    for (const message of messagesOf(desc)) if (graphql.type(message).key.length > 0) collect(message, output);
  }
  const rank = new Map(files.map((file, at) => [file, at]));
  const place = (desc: DescMessage | DescEnum): string =>
    `${String(rank.get(desc.file) ?? files.length).padStart(6, "0")} ${desc.file.name}`;
  const ownersOf = (all: ReadonlySet<DescMessage | DescEnum>, toName: (base: string) => string) => {
    const owners = new Map<string, DescMessage | DescEnum>();
    // Types of one file keep the order in which they are found. They rarely share a name.
    for (const desc of [...all].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))) {
      const name = toName(toTypeName(desc));
      if (!owners.has(name)) owners.set(name, desc);
    }
    return owners;
  };
  const enums = [...input].filter((desc) => desc.kind === "enum");
  return {
    output: ownersOf(new Set([...output, ...enums]), (base) => base),
    input: ownersOf(new Set([...input].filter((desc) => desc.kind === "message")), toInputName),
  };
}

/** Adds a type and all types reachable from it, in depth-first field order. */
function collect(first: DescMessage | DescEnum, into: Set<DescMessage | DescEnum>): void {
  const ahead = [first];
  for (let desc = ahead.pop(); desc !== undefined; desc = ahead.pop()) {
    if (into.has(desc) || (desc.kind === "message" && scalarOfMessage(desc) !== undefined)) continue;
    into.add(desc);
    if (desc.kind === "enum") continue;
    const next = desc.fields.flatMap(({ message, enum: enumeration }) => message ?? enumeration ?? []);
    ahead.push(...next.reverse());
  }
}
