import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";
import type { GraphQLLimits } from "./limits.js";

/** The size of a document, independent of the schema. */
interface DocumentShape {
  /** Maximum nesting of fields. */
  readonly depth: number;
  /** Maximum number of root fields of an operation. */
  readonly rootFields: number;
  /** Number of aliases; those of a fragment count for each spread. */
  readonly aliases: number;
  /** Number of directives; those of a fragment count for each spread. */
  readonly directives: number;
}

/** What a selection set adds to the shape of its parent. */
interface Part {
  depth: number;
  fields: number;
  aliases: number;
  directives: number;
}

const nothing: Readonly<Part> = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * Measures a document, which need not be valid: the maximum over its operations. Measures each fragment once; a fragment cycle
 * adds nothing, since validation rejects it. Introspection fields add no depth, since graphql-js has a rule for them.
 */
function measureShape(document: DocumentNode): DocumentShape {
  const fragments = fragmentsOf(document);
  const known = new Map<string, Readonly<Part>>();

  const measure = (set: SelectionSetNode): Part => {
    const part = { ...nothing };
    for (const node of set.selections) {
      part.directives += node.directives?.length ?? 0;
      if (node.kind === Kind.FIELD) {
        const inner = node.selectionSet === undefined ? nothing : measure(node.selectionSet);
        part.depth = Math.max(part.depth, node.name.value.startsWith("__") ? 1 : 1 + inner.depth);
        part.fields++;
        part.aliases += inner.aliases + (node.alias === undefined ? 0 : 1);
        part.directives += inner.directives;
      } else {
        const inner = node.kind === Kind.INLINE_FRAGMENT ? measure(node.selectionSet) : spread(node.name.value);
        part.depth = Math.max(part.depth, inner.depth);
        part.fields += inner.fields;
        part.aliases += inner.aliases;
        part.directives += inner.directives;
      }
    }
    return part;
  };

  const spread = (name: string): Readonly<Part> => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, nothing);
    const fragment = fragments.get(name);
    if (fragment === undefined) return nothing;
    const part = measure(fragment.selectionSet);
    part.directives += fragment.directives?.length ?? 0;
    known.set(name, part);
    return part;
  };

  const whole = { depth: 0, rootFields: 0, aliases: 0, directives: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, fields, aliases, directives } = measure(definition.selectionSet);
    let own = definition.directives?.length ?? 0;
    for (const variable of definition.variableDefinitions ?? []) own += variable.directives?.length ?? 0;
    whole.depth = Math.max(whole.depth, depth);
    whole.rootFields = Math.max(whole.rootFields, fields);
    whole.aliases = Math.max(whole.aliases, aliases);
    whole.directives = Math.max(whole.directives, directives + own);
  }
  return whole;
}

/** The fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
}

/** Describes a document that exceeds a limit, and names the limit. Undefined if it exceeds none. */
export function findDocumentExcess(document: DocumentNode, limits: Required<GraphQLLimits>): string | undefined {
  const { depth, rootFields, aliases, directives } = measureShape(document);
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length;
  const check = (count: number, limit: keyof GraphQLLimits, what: string): string | undefined =>
    count > limits[limit] ? `the document ${what}, more than ${limits[limit]} (limits.${limit})` : undefined;
  return (
    check(operations, "operations", `has ${operations} operations`) ??
    check(depth, "depth", `is nested ${depth} fields deep`) ??
    check(aliases, "aliases", `has ${aliases} aliases`) ??
    check(rootFields, "rootFields", `has ${rootFields} root fields in an operation`) ??
    check(directives, "directives", `has ${directives} directives`)
  );
}
