import type { DescEnum, DescMessage } from "@bufbuild/protobuf";
import { type Model, messagesOf } from "../../../model/index.js";
import { type Scope, scalarOfMessage } from "../contract/index.js";
import { toInputName, toTypeName } from "./graphql-name.js";

/** Who of several may have a short name: the first by its file and its place there, so that what comes later takes nothing away. */
export interface NameOwners {
  readonly answered: ReadonlyMap<string, DescMessage | DescEnum>;
  readonly asked: ReadonlyMap<string, DescMessage | DescEnum>;
}

/** Looks at all that a schema can lead to. */
export function findNameOwners({ services, files: own }: Scope, { files: generated, graphql }: Model): NameOwners {
  const files = generated.map(({ desc }) => desc);
  const answered = new Set<DescMessage | DescEnum>();
  const asked = new Set<DescMessage | DescEnum>();
  for (const { desc } of services.flatMap(({ methods }) => methods)) {
    if (graphql.method(desc).ignore) continue;
    collect(desc.input, asked);
    collect(desc.output, answered);
  }
  for (const { aggregates, desc } of own) {
    for (const { events, desc: aggregate } of aggregates) {
      if (graphql.type(aggregate).events) for (const event of events) collect(event.desc, answered);
    }
    for (const message of messagesOf(desc)) if (graphql.type(message).key.length > 0) collect(message, answered);
  }
  const rank = new Map(files.map((file, at) => [file, at]));
  const place = (desc: DescMessage | DescEnum): string =>
    `${String(rank.get(desc.file) ?? files.length).padStart(6, "0")} ${desc.file.name}`;
  const ownersOf = (all: ReadonlySet<DescMessage | DescEnum>, toName: (base: string) => string) => {
    const owners = new Map<string, DescMessage | DescEnum>();
    // What stands in one file keeps the order in which it is found: nothing there has the same name twice but by chance.
    for (const desc of [...all].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))) {
      const name = toName(toTypeName(desc));
      if (!owners.has(name)) owners.set(name, desc);
    }
    return owners;
  };
  const enums = [...asked].filter((desc) => desc.kind === "enum");
  return {
    answered: ownersOf(new Set([...answered, ...enums]), (base) => base),
    asked: ownersOf(new Set([...asked].filter((desc) => desc.kind === "message")), toInputName),
  };
}

/** Adds a type and all that it leads to, in the order in which a reader of its fields finds them. */
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
