import type { AnyDesc, DescEnum, DescMessage } from "@bufbuild/protobuf";
import type { Diagnostics } from "../../../diagnostics/index.js";
import { scalarNames } from "../contract/index.js";
import { isName, Scope, toInputName, toQualifiedName, toTypeName } from "./graphql-name.js";
import type { Lock, Part } from "./lock.js";
import type { NameOwners } from "./name-owners.js";

const reserved = [
  ...scalarNames,
  ...["Query", "Mutation", "Subscription", "PageInfo"],
  ...["_Any", "_Entity", "_Service", "FieldSet"],
];

/** The names of the types of a schema. Two messages of one name: the later has its package before it, and a warning says so. */
export class TypeNames {
  /** The types that are made up for a part of a message, by their names. */
  readonly derived: Map<string, Part> = new Map();
  private readonly scope = new Scope(reserved);
  private readonly owners = new Map<string, string>();
  private readonly diagnostics: Diagnostics;
  private readonly firsts: NameOwners;
  private readonly isOurs: (desc: AnyDesc) => boolean;
  private readonly lock: Lock;
  /** The names of the lock, by what they stand for. */
  private readonly locked: ReadonlyMap<string, string>;

  /** `isOurs`: whether the author of an element is warned. */
  constructor(diagnostics: Diagnostics, firsts: NameOwners, isOurs: (desc: AnyDesc) => boolean, lock: Lock) {
    this.lock = lock;
    const types = [...lock].filter(([name]) => !name.includes("."));
    this.locked = new Map(types.map(([name, element]) => [element, name]));
    this.diagnostics = diagnostics;
    this.firsts = firsts;
    this.isOurs = isOurs;
  }

  /** The name of the type of a message or enum where it is answered. */
  take(desc: DescMessage | DescEnum, chosen: string): string {
    return this.takeFor(desc, chosen, this.firsts.answered, (base) => base);
  }

  /** The name of the type of a message where it is asked for. */
  takeInput(desc: DescMessage, chosen: string): string {
    return this.takeFor(desc, chosen, this.firsts.asked, toInputName);
  }

  private takeFor(
    desc: DescMessage | DescEnum,
    chosen: string,
    firsts: ReadonlyMap<string, DescMessage | DescEnum>,
    toWanted: (base: string) => string,
  ): string {
    if (chosen !== "") return this.choose(desc, chosen);
    const wanted = toWanted(toTypeName(desc));
    const qualified = toWanted(toQualifiedName(desc));
    const element = firsts === this.firsts.asked ? `${desc.typeName} (input)` : desc.typeName;
    const known = this.locked.get(element);
    if (known !== undefined && !this.scope.has(known)) {
      this.owners.set(known, desc.typeName);
      return this.scope.take(known);
    }
    const first = firsts.get(wanted);
    const holder = this.lock.get(wanted);
    const free = (first === undefined || first === desc) && (holder === undefined || holder === element);
    const name = free ? this.scope.take(wanted, qualified) : this.scope.take(qualified);
    if (name !== wanted && this.isOurs(desc)) {
      const owner = this.owners.get(wanted) ?? first?.typeName ?? "a type of every schema";
      this.diagnostics.report("graphql-name-collision", { desc, lenient: true }, desc.name, wanted, owner, name);
    }
    this.owners.set(name, desc.typeName);
    return name;
  }

  /** The name of a type that is made up for a part of a message: `chosen` by an option, or else the one that is wanted. */
  derive(wanted: string, part: Part, chosen = ""): string {
    const known = this.locked.get(part.element);
    const free = known !== undefined && !this.scope.has(known) ? known : wanted;
    const name = chosen === "" ? this.scope.take(free) : this.choose(part.desc, chosen);
    this.owners.set(name, part.element);
    this.derived.set(name, part);
    return name;
  }

  /** A name that an option asks for. */
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
