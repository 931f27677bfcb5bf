import {
  AliasNode,
  type OperationNode,
  OperationNodeTransformer,
  type QueryId,
  TableNode,
  type WithNode,
} from "kysely";

/** A table of the projection within a query. */
export interface OwnTable {
  readonly name: string;
  readonly alias: OperationNode | undefined;
}

/**
 * Transforms a query and finds the tables of the projection: those named without a schema that no WITH of the query
 * defines. Use one instance per query.
 */
export class OwnTables extends OperationNodeTransformer {
  private readonly defined = new Set<string>();

  protected override transformNodeImpl<T extends OperationNode>(node: T, queryId?: QueryId): T {
    const { with: defines } = node as { readonly with?: WithNode };
    for (const { name } of defines?.expressions ?? []) this.defined.add(name.table.table.identifier.name);
    return super.transformNodeImpl(node, queryId);
  }

  protected ownTable(node: OperationNode): OwnTable | undefined {
    const [table, alias] = AliasNode.is(node) ? [node.node, node.alias] : [node, undefined];
    if (!TableNode.is(table) || table.table.schema !== undefined) return undefined;
    const { name } = table.table.identifier;
    return this.defined.has(name) ? undefined : { name, alias };
  }
}
