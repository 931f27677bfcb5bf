import type { AnyDesc, DescMessage, DescMethod, FileRegistry } from "@bufbuild/protobuf";
import { resolveName } from "../descriptors/index.js";
import { type Diagnostics, type ElementRef, suggest } from "../diagnostics/index.js";

/**
 * Resolves names by the scoping rules of proto: from the innermost scope outwards; a leading dot makes a name absolute. Reports
 * unknown names with a suggestion, which has the package if that is missing.
 */
export class Resolver {
  private readonly registry: FileRegistry;
  private readonly diagnostics: Diagnostics;

  constructor(registry: FileRegistry, diagnostics: Diagnostics) {
    this.registry = registry;
    this.diagnostics = diagnostics;
  }

  find(name: string, scope: string): DescMessage | undefined {
    return resolveName(name, scope, (full) => this.registry.getMessage(full));
  }

  message(name: string, scope: string, kind: string, ref: ElementRef): DescMessage | undefined {
    const found = this.find(name, scope);
    if (found === undefined) this.unknown(kind, name, ref, this.messages(scope));
    return found;
  }

  method(name: string, scope: string, ref: ElementRef): DescMethod | undefined {
    const found = resolveName(name, scope, (full) => {
      const dot = full.lastIndexOf(".");
      const service = dot === -1 ? undefined : this.registry.getService(full.slice(0, dot));
      return service?.methods.find((method) => method.name === full.slice(dot + 1));
    });
    if (found === undefined) this.unknown("rpc", name, ref, this.methods(scope));
    return found;
  }

  private unknown(kind: string, name: string, ref: ElementRef, candidates: readonly Candidate[]): void {
    const suffix = name.startsWith(".") ? name : `.${name}`;
    // Only the package is missing.
    const elsewhere = candidates.find(({ full }) => full.endsWith(suffix));
    const short = suggest(
      name,
      candidates.map((one) => one.short),
    );
    const similar = candidates.find((one) => one.short === short);
    const suggestion = elsewhere?.full ?? similar?.printed ?? "";
    this.diagnostics.report("unknown-reference", { ...ref, focus: `"${name}"` }, kind, name, suggestion);
  }

  private messages(scope: string): readonly Candidate[] {
    return this.all("message").map(({ typeName }) => {
      const short = isNear(scope, typeName) ? typeName.slice(typeName.lastIndexOf(".") + 1) : typeName;
      return { full: typeName, short, printed: short };
    });
  }

  private methods(scope: string): readonly Candidate[] {
    return this.all("service").flatMap(({ name: service, typeName, methods }) =>
      methods.map(({ name }) => {
        const [full, short] = [`${typeName}.${name}`, `${service}.${name}`];
        return { full, short, printed: isNear(scope, typeName) ? short : full };
      }),
    );
  }

  private all<K extends "message" | "service">(kind: K): Extract<AnyDesc, { kind: K }>[] {
    return [...this.registry].filter((desc) => desc.kind === kind) as Extract<AnyDesc, { kind: K }>[];
  }
}

/** An element that a name may mean: its full name, the name that is compared, and the name that is suggested. */
interface Candidate {
  readonly full: string;
  readonly short: string;
  readonly printed: string;
}

/** Whether an element is of the same package, so that it needs no prefix. */
function isNear(scope: string, typeName: string): boolean {
  return scope.startsWith(packageOf(typeName));
}

function packageOf(typeName: string): string {
  return typeName.slice(0, typeName.lastIndexOf(".") + 1);
}
