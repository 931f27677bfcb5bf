import { type GraphQLSchema, isObjectType, Kind, type SelectionSetNode } from "graphql";
import { referenceOf } from "../schema/index.js";
import type { SelectionOptions } from "../selection/index.js";

/** By schema, since finding them reads all its fields. */
const known = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

/** Whether selections contain a field that may refer to a value by key, at any depth. Judges by names, which are known early. */
export function mayRefer({ schema, fragments }: SelectionOptions, selections: readonly SelectionSetNode[]): boolean {
  const names = referenceNames(schema);
  if (names.size === 0) return false;
  const spread = new Set<string>();
  const refers = ({ selections: nodes }: SelectionSetNode): boolean =>
    nodes.some((node) => {
      if (node.kind === Kind.FIELD) {
        return names.has(node.name.value) || (node.selectionSet !== undefined && refers(node.selectionSet));
      }
      if (node.kind === Kind.INLINE_FRAGMENT) return refers(node.selectionSet);
      if (spread.has(node.name.value)) return false;
      spread.add(node.name.value);
      const fragment = fragments[node.name.value];
      return fragment !== undefined && refers(fragment.selectionSet);
    });
  return selections.some(refers);
}

function referenceNames(schema: GraphQLSchema): ReadonlySet<string> {
  let names = known.get(schema);
  if (names === undefined) {
    names = new Set(
      Object.values(schema.getTypeMap()).flatMap((type) =>
        isObjectType(type)
          ? Object.values(type.getFields()).flatMap(({ name, resolve }) =>
              resolve !== undefined && referenceOf(resolve) !== undefined ? [name] : [],
            )
          : [],
      ),
    );
    known.set(schema, names);
  }
  return names;
}
