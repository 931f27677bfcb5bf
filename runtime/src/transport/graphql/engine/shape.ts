import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";

/** How much a document asks for, whatever the schema. */
export interface Shape {
  /** How many fields are nested. */
  readonly depth: number;
  /** How many fields have an alias, those of a fragment as often as it is spread. */
  readonly aliases: number;
}

const nothing: Shape = { depth: 0, aliases: 0 };

/**
 * Measures a document that need not be valid. Every fragment is looked at once, however often it is spread; one that
 * leads to itself counts as nothing there, since validation refuses it. What leads into the schema is not counted: graphql-js
 * has a rule of its own for it.
 */
export function measureShape(document: DocumentNode): Shape {
  const fragments = fragmentsOf(document);
  const known = new Map<string, Shape>();

  const measure = (set: SelectionSetNode): Shape => {
    let depth = 0;
    let aliases = 0;
    for (const node of set.selections) {
      let inner = nothing;
      if (node.kind === Kind.FRAGMENT_SPREAD) inner = spread(node.name.value);
      else if (node.kind === Kind.INLINE_FRAGMENT) inner = measure(node.selectionSet);
      else {
        if (node.alias !== undefined) aliases++;
        if (!node.name.value.startsWith("__") && node.selectionSet !== undefined) inner = measure(node.selectionSet);
        inner = { ...inner, depth: inner.depth + 1 };
      }
      depth = Math.max(depth, inner.depth);
      aliases += inner.aliases;
    }
    return { depth, aliases };
  };

  const spread = (name: string): Shape => {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, nothing);
    const fragment = fragments.get(name);
    const shape = fragment === undefined ? nothing : measure(fragment.selectionSet);
    known.set(name, shape);
    return shape;
  };

  let whole = nothing;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, aliases } = measure(definition.selectionSet);
    whole = { depth: Math.max(whole.depth, depth), aliases: Math.max(whole.aliases, aliases) };
  }
  return whole;
}

/** The fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
}
