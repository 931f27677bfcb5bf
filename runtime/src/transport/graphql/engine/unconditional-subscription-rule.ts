import { type ASTVisitor, GraphQLError, Kind, type SelectionSetNode, type ValidationContext } from "graphql";

/**
 * The root field of a subscription must not have `@skip` or `@include`: without a root field there is no source stream (GraphQL,
 * edition of September 2025, 5.2.4.1).
 */
export function UnconditionalSubscriptionRule(context: ValidationContext): ASTVisitor {
  const check = (set: SelectionSetNode, seen: Set<string>): void => {
    for (const node of set.selections) {
      const found = node.directives?.find(({ name }) => name.value === "skip" || name.value === "include");
      if (found !== undefined) {
        const message = `the root field of a subscription must not have @${found.name.value}`;
        context.reportError(new GraphQLError(message, { nodes: found }));
      }
      if (node.kind === Kind.INLINE_FRAGMENT) check(node.selectionSet, seen);
      if (node.kind !== Kind.FRAGMENT_SPREAD || seen.has(node.name.value)) continue;
      seen.add(node.name.value);
      const fragment = context.getFragment(node.name.value);
      if (fragment) check(fragment.selectionSet, seen);
    }
  };
  return {
    OperationDefinition({ operation, selectionSet }) {
      if (operation === "subscription") check(selectionSet, new Set());
    },
  };
}
