import type { DescFile, DescMessage, DescMethod, FileRegistry } from "@bufbuild/protobuf";
import type { Diagnostics, ElementRef } from "../diagnostics/index.js";
import { messagesOf } from "./elements.js";
import type * as M from "./model.js";
import { Names, toIdentifier, toProperty } from "./names.js";
import { Resolver } from "./resolver.js";
import { isAnnotated, type MessageRoles, readMessageRoles } from "./roles.js";
import type { SagaModel } from "./sagas/saga-model.js";

/** A writable version of a model type, for construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** The roles that references can have: the noun for diagnostics, and the option that assigns the role. */
const roleKinds = {
  event: { word: "event", option: "event" },
  error: { word: "error", option: "error" },
  aggregate: { word: "aggregate", option: "aggregate" },
  readModel: { word: "read model", option: "read_model" },
  saga: { word: "saga", option: "saga" },
} as const;

type RoleKind = keyof typeof roleKinds;

/** The elements of a contract while the model is built, by descriptor. */
export class Contract {
  readonly diagnostics: Diagnostics;
  readonly resolver: Resolver;
  readonly files: readonly DescFile[];
  readonly roles = new Map<DescMessage, MessageRoles>();
  readonly event = new Map<DescMessage, Draft<M.EventModel>>();
  readonly error = new Map<DescMessage, M.ErrorModel>();
  readonly aggregate = new Map<DescMessage, Draft<M.AggregateModel>>();
  readonly readModel = new Map<DescMessage, Draft<M.ReadModelDesc>>();
  readonly saga = new Map<DescMessage, Draft<SagaModel>>();
  readonly services = new Map<DescFile, M.ServiceModel[]>();
  readonly method = new Map<DescMethod, Draft<M.MethodModel>>();
  /** The files that use any of Potter's annotations. */
  readonly annotated = new Set<DescFile>();
  /** Whether an `emits` could not be resolved: events without an aggregate may then be a consequence. */
  hasBrokenEmissions = false;
  private readonly names = new Map<DescFile, Names>();

  constructor(registry: FileRegistry, diagnostics: Diagnostics) {
    this.diagnostics = diagnostics;
    this.resolver = new Resolver(registry, diagnostics);
    this.files = [...registry.files].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const file of this.files) {
      for (const message of messagesOf(file)) {
        const roles = readMessageRoles(message);
        if (roles === undefined) continue;
        this.roles.set(message, roles);
        this.annotated.add(file);
      }
      if (file.services.some(isAnnotated)) this.annotated.add(file);
    }
  }

  /** Chooses the names of an element's exports: its constant, and its types with the suffix `Types`. */
  nameOf(desc: DescMessage | M.ServiceModel["desc"]): M.Named {
    let names = this.names.get(desc.file);
    if (names === undefined) {
      names = new Names();
      this.names.set(desc.file, names);
    }
    const name = names.take(toIdentifier(desc), (taken) => [`${taken}Types`]);
    return { name, localName: toProperty(name) };
  }

  /** Resolves a name to an element of a role. Reports unknown names and elements of other roles. */
  reference<K extends RoleKind>(
    kind: K,
    name: string,
    scope: string,
    ref: ElementRef,
  ): (Contract[K] extends Map<DescMessage, infer V> ? V : never) | undefined {
    const { word, option } = roleKinds[kind];
    const message = this.resolver.message(name, scope, word, ref);
    if (message === undefined) return undefined;
    const found = this[kind].get(message);
    // An element with the role that was not built has an error of its own, which is reported already.
    if (found === undefined && this.roles.get(message)?.[kind] === undefined) {
      const focused = { ...ref, focus: `"${name}"` };
      this.diagnostics.report("wrong-kind-reference", focused, message.name, word, option, this.roleOf(message));
    }
    return found as never;
  }

  /** Returns the noun of the role of a message; empty: none. */
  private roleOf(message: DescMessage): string {
    const roles = this.roles.get(message);
    const found = Object.entries(roleKinds).find(([role]) => roles?.[role as keyof MessageRoles] !== undefined);
    return found?.[1].word ?? "";
  }

  /** Resolves a name to an aggregate without reporting errors. */
  quietly(kind: "aggregate", name: string, scope: string): Draft<M.AggregateModel> | undefined {
    const message = this.resolver.find(name, scope);
    return message && this[kind].get(message);
  }

  /** Resolves several names to elements without duplicates. */
  references<K extends RoleKind>(kind: K, names: readonly string[], scope: string, ref: ElementRef) {
    return [...new Set(names.flatMap((name) => this.reference(kind, name, scope, ref) ?? []))];
  }
}
