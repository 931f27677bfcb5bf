import type { AnyDesc, DescMessage, DescMethod, FileRegistry } from "@bufbuild/protobuf";
import { type Diagnostics, type ElementRef, suggest } from "../diagnostics/index.js";

/**
 * Resolves names by the scoping rules of proto: from the innermost scope outwards; a leading dot makes a name absolute. Reports
 * unknown names with a suggestion.
 */
export class Resolver {
  private readonly registry: FileRegistry;
  private readonly diagnostics: Diagnostics;

  constructor(registry: FileRegistry, diagnostics: Diagnostics) {
    this.registry = registry;
    this.diagnostics = diagnostics;
  }

  find(name: string, scope: string): DescMessage | undefined {
    return find(name, scope, (full) => this.registry.getMessage(full));
  }

  message(name: string, scope: string, kind: string, ref: ElementRef): DescMessage | undefined {
    const found = this.find(name, scope);
    if (found === undefined) this.unknown(kind, name, ref, this.messageNames(scope));
    return found;
  }

  method(name: string, scope: string, ref: ElementRef): DescMethod | undefined {
    const found = find(name, scope, (full) => {
      const dot = full.lastIndexOf(".");
      const service = dot === -1 ? undefined : this.registry.getService(full.slice(0, dot));
      return service?.methods.find((method) => method.name === full.slice(dot + 1));
    });
    if (found === undefined) this.unknown("rpc", name, ref, this.methodNames());
    return found;
  }

  private unknown(kind: string, name: string, ref: ElementRef, candidates: readonly string[]): void {
    const suggestion = suggest(name, candidates);
    this.diagnostics.report("unknown-reference", { ...ref, focus: `"${name}"` }, kind, name, suggestion);
  }

  /** Short names of messages of the same package, full names of all others. */
  private messageNames(scope: string): readonly string[] {
    return this.all("message").map(({ typeName }) =>
      scope.startsWith(packageOf(typeName)) ? typeName.slice(typeName.lastIndexOf(".") + 1) : typeName,
    );
  }

  private methodNames(): readonly string[] {
    return this.all("service").flatMap((service) => service.methods.map((method) => `${service.name}.${method.name}`));
  }

  private all<K extends "message" | "service">(kind: K): Extract<AnyDesc, { kind: K }>[] {
    return [...this.registry].filter((desc) => desc.kind === kind) as Extract<AnyDesc, { kind: K }>[];
  }
}

function packageOf(typeName: string): string {
  return typeName.slice(0, typeName.lastIndexOf(".") + 1);
}

function find<T>(name: string, scope: string, get: (full: string) => T | undefined): T | undefined {
  if (name.startsWith(".")) return get(name.slice(1));
  for (let prefix = scope; ; prefix = prefix.slice(0, Math.max(prefix.lastIndexOf("."), 0))) {
    const found = get(prefix === "" ? name : `${prefix}.${name}`);
    if (found !== undefined || prefix === "") return found;
  }
}
