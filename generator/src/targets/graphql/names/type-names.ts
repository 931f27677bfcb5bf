import type { AnyDesc, DescEnum, DescMessage } from "@bufbuild/protobuf";
import type { Diagnostics } from "../../../diagnostics/index.js";
import { scalarNames } from "../contract/index.js";
import { isName, NameScope, toInputName, toQualifiedName, toTypeName } from "./graphql-name.js";
import type { Lock, Part } from "./lock.js";
import type { NameOwners } from "./name-owners.js";

const reserved = [
  ...scalarNames,
  ...["Query", "Mutation", "Subscription", "PageInfo"],
  ...["_Any", "_Entity", "_Service", "FieldSet"],
];

/**
 * Allocates the names of types. If two messages have the same name, the later one gets its package as prefix, with a
 * warning.
 */
export class TypeNames {
  /** The types derived from parts of messages, by name. */
  readonly derived: Map<string, Part> = new Map();
  private readonly scope = new NameScope(reserved);
  private readonly owners = new Map<string, string>();
  private readonly diagnostics: Diagnostics;
  private readonly nameOwners: NameOwners;
  private readonly isAnnotated: (desc: AnyDesc) => boolean;
  private readonly lock: Lock;
  /** The locked type names, by element. */
  private readonly locked: ReadonlyMap<string, string>;

  /** `isAnnotated`: whether naming problems of an element are reported. */
  constructor(diagnostics: Diagnostics, nameOwners: NameOwners, isAnnotated: (desc: AnyDesc) => boolean, lock: Lock) {
    this.lock = lock;
    const types = [...lock].filter(([name]) => !name.includes("."));
    this.locked = new Map(types.map(([name, element]) => [element, name]));
    this.diagnostics = diagnostics;
    this.nameOwners = nameOwners;
    this.isAnnotated = isAnnotated;
  }

  /** Takes the name of an enum, or of the object type of a message. */
  take(desc: DescMessage | DescEnum, chosen: string): string {
    return this.takeFor(desc, chosen, this.nameOwners.output, (base) => base);
  }

  /** Takes the name of the input type of a message. */
  takeInput(desc: DescMessage, chosen: string): string {
    return this.takeFor(desc, chosen, this.nameOwners.input, toInputName);
  }

  private takeFor(
    desc: DescMessage | DescEnum,
    chosen: string,
    nameOwners: ReadonlyMap<string, DescMessage | DescEnum>,
    toWanted: (base: string) => string,
  ): string {
    if (chosen !== "") return this.choose(desc, chosen);
    const wanted = toWanted(toTypeName(desc));
    const qualified = toWanted(toQualifiedName(desc));
    const element = nameOwners === this.nameOwners.input ? `${desc.typeName} (input)` : desc.typeName;
    const known = this.locked.get(element);
    if (known !== undefined && !this.scope.has(known)) {
      this.owners.set(known, desc.typeName);
      return this.scope.take(known);
    }
    const firstOwner = nameOwners.get(wanted);
    const holder = this.lock.get(wanted);
    const free = (firstOwner === undefined || firstOwner === desc) && (holder === undefined || holder === element);
    const name = free ? this.scope.take(wanted, qualified) : this.scope.take(qualified);
    if (name !== wanted && this.isAnnotated(desc)) {
      const owner = this.owners.get(wanted) ?? firstOwner?.typeName ?? "a type of every schema";
      this.diagnostics.report("graphql-name-collision", { desc, lenient: true }, desc.name, wanted, owner, name);
    }
    this.owners.set(name, desc.typeName);
    return name;
  }

  /** Takes the name of a derived type: `chosen` by an option, or else `wanted`. */
  derive(wanted: string, part: Part, chosen = ""): string {
    const known = this.locked.get(part.element);
    const free = known !== undefined && !this.scope.has(known) ? known : wanted;
    const name = chosen === "" ? this.scope.take(free) : this.choose(part.desc, chosen);
    this.owners.set(name, part.element);
    this.derived.set(name, part);
    return name;
  }

  /** Takes the name that an option sets. */
  private choose(desc: AnyDesc & { readonly name: string }, name: string): string {
    if (!isName(name)) {
      this.diagnostics.report("graphql-name", { desc }, desc.name, name);
      return this.scope.take("Unnamed");
    }
    if (this.scope.has(name)) {
      const owner = this.owners.get(name) ?? "a type of every schema";
      this.diagnostics.report("graphql-name-collision", { desc }, desc.name, name, owner, "");
    }
    this.owners.set(name, "typeName" in desc ? (desc.typeName as string) : desc.name);
    return this.scope.take(name);
  }
}
