import { type OperationNode, OperationNodeTransformer, type QueryId, type RootOperationNode } from "kysely";
import { PotterError } from "../../errors/index.js";

/** Functions without side effects. Any other function may have some. */
const harmless = new Set(["any", "avg", "coalesce", "count", "json_agg", "max", "min", "sum", "to_json"]);

const changing = new Set(["InsertQueryNode", "UpdateQueryNode", "DeleteQueryNode", "MergeQueryNode"]);

/**
 * How to run a query that must not write. `plain`: all parts are known to read. `guarded`: it contains raw SQL or an
 * unknown function, so it runs in a read-only transaction. Throws for queries that write.
 */
export function checkReads(node: RootOperationNode): "plain" | "guarded" {
  if (node.kind !== "SelectQueryNode" && node.kind !== "RawNode") throw writes(node.kind);
  const parts = new Parts();
  parts.transformNode(node);
  return parts.guarded ? "guarded" : "plain";
}

class Parts extends OperationNodeTransformer {
  guarded = false;

  protected override transformNodeImpl<T extends OperationNode>(node: T, queryId?: QueryId): T {
    if (changing.has(node.kind)) throw writes(node.kind);
    const called = "func" in node ? String(node.func) : undefined;
    if (node.kind === "RawNode" || (called !== undefined && !harmless.has(called))) this.guarded = true;
    return super.transformNodeImpl(node, queryId);
  }
}

function writes(kind: string): PotterError {
  const what = kind.replace(/(Query)?Node$/, "");
  return new PotterError(
    "failed_precondition",
    `a view reads, and this query is of the kind ${what}: tables change by the projection's events only`,
  );
}
