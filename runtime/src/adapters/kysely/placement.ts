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

/** Where the tables of a query are, and whose rows it is about. */
export interface Placement {
  readonly schema: string;
  /** undefined: everybody's. */
  readonly tenant?: Tenant | undefined;
}

/** The query with its tables in their schema and kept to the tenant. */
export function place<N extends RootOperationNode>(node: N, queryId: QueryId, { schema, tenant }: Placement): N {
  let placed: RootOperationNode = node;
  if (tenant !== undefined) placed = new TenantScope(tenant).transformNode(placed, queryId);
  placed = new RawTables(schema).transformNode(placed, queryId);
  return new WithSchemaPlugin(schema).transformQuery({ node: placed, queryId }) as N;
}

export function compilePlaced(node: RootOperationNode, queryId: QueryId, placement: Placement): CompiledQuery {
  return new PostgresQueryCompiler().compileQuery(place(node, queryId, placement), queryId);
}

/** Puts `sql.table(…)` in pieces of raw SQL into the schema, which Kysely itself leaves as they are. */
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
