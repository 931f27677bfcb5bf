import type { AnyDesc, DescMethod } from "@bufbuild/protobuf";
import type { Diagnostics } from "../../../diagnostics/index.js";
import { graphqlOptionNumbers } from "../../../model/index.js";
import { Scope } from "./graphql-name.js";
import type { Lock } from "./lock.js";

const typeNames = { query: "Query", mutation: "Mutation", subscription: "Subscription" } as const;

type RootType = keyof typeof typeNames;

/** The names of the fields of the root types. */
export class RootNames {
  private readonly diagnostics: Diagnostics;
  private readonly scopes: Readonly<Record<RootType, Scope>> = {
    query: new Scope(["_entities", "_service"]),
    mutation: new Scope(),
    subscription: new Scope(),
  };

  private readonly lock: Lock;
  private readonly isOurs: (desc: AnyDesc) => boolean;

  /** `isOurs`: whether the author of an element is warned. */
  constructor(diagnostics: Diagnostics, isOurs: (desc: AnyDesc) => boolean, lock: Lock) {
    this.lock = lock;
    this.diagnostics = diagnostics;
    this.isOurs = isOurs;
  }

  /** The first that is free. That the one which was wanted is not is worth a warning. */
  take(root: RootType, desc: DescMethod, ...wanted: readonly [string, ...string[]]): string {
    const element = `${desc.parent.typeName}.${desc.name}`;
    const prefix = `${typeNames[root]}.`;
    // What clients use belongs to what they use it for.
    const known = [...this.lock]
      .find(([name, of]) => of === element && name.startsWith(prefix))?.[0]
      .slice(prefix.length);
    const free = wanted.filter((name) => (this.lock.get(prefix + name) ?? element) === element);
    const [first = `${wanted[0]}_`, ...rest] = known !== undefined && wanted.includes(known) ? [known] : free;
    const name = this.scopes[root].take(first, ...rest);
    if (name !== wanted[0] && this.isOurs(desc)) {
      const place = { desc, lenient: true };
      this.diagnostics.report("graphql-name-collision", place, desc.name, wanted[0], typeNames[root], name);
    }
    return name;
  }

  /** A name that an option asks for. */
  choose(root: RootType, name: string, desc: DescMethod): string {
    if (this.scopes[root].has(name)) {
      const place = { desc, option: graphqlOptionNumbers.method };
      this.diagnostics.report("graphql-name-collision", place, desc.name, name, typeNames[root], "");
    }
    return this.scopes[root].take(name);
  }

  derive(root: RootType, name: string): string {
    return this.scopes[root].take(name);
  }
}
