import type { AnyDesc, DescMethod } from "@bufbuild/protobuf";
import type { Diagnostics } from "../../../diagnostics/index.js";
import { graphqlOptionNumbers } from "../../../model/index.js";
import { NameScope } from "./graphql-name.js";
import type { Lock } from "./lock.js";

const typeNames = { query: "Query", mutation: "Mutation", subscription: "Subscription" } as const;

type RootType = keyof typeof typeNames;

/** Allocates the names of root fields. */
export class RootNames {
  private readonly diagnostics: Diagnostics;
  private readonly scopes: Readonly<Record<RootType, NameScope>> = {
    query: new NameScope(["_entities", "_service"]),
    mutation: new NameScope(),
    subscription: new NameScope(),
  };

  private readonly lock: Lock;
  private readonly isAnnotated: (desc: AnyDesc) => boolean;

  /** `isAnnotated`: whether naming problems of an element are reported. */
  constructor(diagnostics: Diagnostics, isAnnotated: (desc: AnyDesc) => boolean, lock: Lock) {
    this.lock = lock;
    this.diagnostics = diagnostics;
    this.isAnnotated = isAnnotated;
  }

  /** Takes the first candidate that is free, and warns if that is not the preferred one. */
  take(root: RootType, desc: DescMethod, ...wanted: readonly [string, ...string[]]): string {
    const element = `${desc.parent.typeName}.${desc.name}`;
    const prefix = `${typeNames[root]}.`;
    // A locked name is reserved for its element.
    const known = [...this.lock]
      .find(([name, of]) => of === element && name.startsWith(prefix))?.[0]
      .slice(prefix.length);
    const free = wanted.filter((name) => (this.lock.get(prefix + name) ?? element) === element);
    const [first = `${wanted[0]}_`, ...rest] = known !== undefined && wanted.includes(known) ? [known] : free;
    const name = this.scopes[root].take(first, ...rest);
    if (name !== wanted[0] && this.isAnnotated(desc)) {
      const ref = { desc, lenient: true };
      this.diagnostics.report("graphql-name-collision", ref, desc.name, wanted[0], typeNames[root], name);
    }
    return name;
  }

  /** Takes the name that an option sets. */
  choose(root: RootType, name: string, desc: DescMethod): string {
    if (this.scopes[root].has(name)) {
      const ref = { desc, option: graphqlOptionNumbers.method };
      this.diagnostics.report("graphql-name-collision", ref, desc.name, name, typeNames[root], "");
    }
    return this.scopes[root].take(name);
  }

  derive(root: RootType, name: string): string {
    return this.scopes[root].take(name);
  }
}
