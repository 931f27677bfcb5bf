import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from "graphql";

/** How much a document asks for, whatever the schema. */
export interface Shape {
  /** How many fields are nested. */
  readonly depth: number;
  /** How many fields of the root type an operation has. */
  readonly rootFields: number;
  /** How many fields have an alias, those of a fragment as often as it is spread. */
  readonly aliases: number;
  /** How many directives there are, those of a fragment as often as it is spread. */
  readonly directives: number;
}

/** What a set of selections adds to the shape of what is around it. */
interface Part {
  depth: number;
  fields: number;
  aliases: number;
  directives: number;
}

const nothing: Readonly<Part> = { depth: 0, fields: 0, aliases: 0, directives: 0 };

/**
 * Measures a document that need not be valid: the most that any operation of it has. Every fragment is looked at once, however
 * often it is spread; one that leads to itself counts as nothing there, since validation refuses it. What leads into the schema
 * adds nothing to the depth: graphql-js has a rule of its own for it.
 */
export function measureShape(document: DocumentNode): Shape {
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
