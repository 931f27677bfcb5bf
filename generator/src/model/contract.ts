import type { DescFile, DescMessage, DescMethod, FileRegistry } from "@bufbuild/protobuf";
import type { Diagnostics, ElementRef } from "../diagnostics/index.js";
import { messagesOf } from "./elements.js";
import type * as M from "./model.js";
import { Names, toIdentifier, toProperty } from "./names.js";
import { Resolver } from "./resolver.js";
import { isAnnotated, type MessageRoles, readMessageRoles } from "./roles.js";

/** A model under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A role of a message: its word, the option that gives it, and where its elements are kept. */
const roleKinds = {
  event: { word: "event", option: "event" },
  error: { word: "error", option: "error" },
  aggregate: { word: "aggregate", option: "aggregate" },
  readModel: { word: "read model", option: "read_model" },
} as const;

type RoleKind = keyof typeof roleKinds;

/** What is known of the whole contract while the model is built. */
export class Contract {
  readonly diagnostics: Diagnostics;
  readonly resolver: Resolver;
  readonly files: readonly DescFile[];
  readonly roles = new Map<DescMessage, MessageRoles>();
  readonly event = new Map<DescMessage, Draft<M.EventModel>>();
  readonly error = new Map<DescMessage, M.ErrorModel>();
  readonly aggregate = new Map<DescMessage, Draft<M.AggregateModel>>();
  readonly readModel = new Map<DescMessage, Draft<M.ReadModelDesc>>();
  readonly saga = new Map<DescMessage, M.SagaModel>();
  readonly services = new Map<DescFile, M.ServiceModel[]>();
  readonly method = new Map<DescMethod, Draft<M.MethodModel>>();
  /** The files that use any of Potter's annotations. */
  readonly annotated = new Set<DescFile>();
  /** Whether a command says in vain what it emits: then nobody can tell to which aggregate events without one belong. */
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

  /** The names of an element's exports; every element has its types beside it. */
  nameOf(desc: DescMessage | M.ServiceModel["desc"]): M.Named {
    let names = this.names.get(desc.file);
    if (names === undefined) {
      names = new Names();
      this.names.set(desc.file, names);
    }
    const name = names.take(toIdentifier(desc), (taken) => [`${taken}Types`]);
    return { name, localName: toProperty(name) };
  }

  /** The element of a role that a name refers to. */
  reference<K extends RoleKind>(
    kind: K,
    name: string,
    scope: string,
    place: ElementRef,
  ): (Contract[K] extends Map<DescMessage, infer V> ? V : never) | undefined {
    const { word, option } = roleKinds[kind];
    const message = this.resolver.message(name, scope, word, place);
    if (message === undefined) return undefined;
    const found = this[kind].get(message);
    // One that has the role but is not there is broken in itself, which is told of it.
    if (found === undefined && this.roles.get(message)?.[kind] === undefined) {
      const focused = { ...place, focus: `"${name}"` };
      this.diagnostics.report("wrong-kind-reference", focused, message.name, word, option, this.roleOf(message));
    }
    return found as never;
  }

  /** The word of the role that a message has; empty: none. */
  private roleOf(message: DescMessage): string {
    const roles = this.roles.get(message);
    const [found] = Object.entries({ ...roleKinds, saga: { word: "saga" } }).filter(
      ([role]) => roles?.[role as keyof MessageRoles] !== undefined,
    );
    return found?.[1].word ?? "";
  }

  /** The aggregate that a name refers to, if it does; what is wrong with it is told elsewhere. */
  quietly(kind: "aggregate", name: string, scope: string): Draft<M.AggregateModel> | undefined {
    const message = this.resolver.find(name, scope);
    return message && this[kind].get(message);
  }

  /** The elements that several names refer to, each once. */
  references<K extends RoleKind>(kind: K, names: readonly string[], scope: string, place: ElementRef) {
    return [...new Set(names.flatMap((name) => this.reference(kind, name, scope, place) ?? []))];
  }
}
