import {
  type CompiledQuery,
  type OperationNode,
  PostgresQueryCompiler,
  type QueryId,
  type RawNode,
  type RootOperationNode,
  TableNode,
  WithSchemaPlugin,
} from "kysely";
import { OwnTables } from "./own-tables.js";
import { type Tenant, TenantScope } from "./tenant-scope.js";

/** The schema of the tables of a query, and the tenant whose rows it may touch. */
export interface Placement {
  readonly schema: string;
  /** undefined: all tenants. */
  readonly tenant?: Tenant | undefined;
}

/** Returns the query with its tables qualified by the schema and restricted to the tenant. */
export function place<N extends RootOperationNode>(node: N, queryId: QueryId, { schema, tenant }: Placement): N {
  let placed: RootOperationNode = node;
  if (tenant !== undefined) placed = new TenantScope(tenant).transformNode(placed, queryId);
  placed = new RawTables(schema).transformNode(placed, queryId);
  return new WithSchemaPlugin(schema).transformQuery({ node: placed, queryId }) as N;
}

export function compilePlaced(node: RootOperationNode, queryId: QueryId, placement: Placement): CompiledQuery {
  return new PostgresQueryCompiler().compileQuery(place(node, queryId, placement), queryId);
}

/** Qualifies `sql.table(…)` in raw SQL, which Kysely leaves as it is. */
class RawTables extends OwnTables {
  private readonly schema: string;

  constructor(schema: string) {
    super();
    this.schema = schema;
  }

  protected override transformRaw(node: RawNode, queryId?: QueryId): RawNode {
    const parameters = node.parameters.map((one): OperationNode => {
      const own = this.ownTable(one);
      return own === undefined || own.alias !== undefined
        ? this.transformNode(one, queryId)
        : TableNode.createWithSchema(this.schema, own.name);
    });
    return { ...node, parameters };
  }
}
