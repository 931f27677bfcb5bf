import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  type DeleteQueryNode,
  FromNode,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  type MergeQueryNode,
  type OnConflictNode,
  type OperationNode,
  OperatorNode,
  ParensNode,
  type QueryId,
  type RawNode,
  ReferenceNode,
  SelectAllNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  type UpdateQueryNode,
  type UsingNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
  WhereNode,
} from "kysely";
import { PotterError } from "../../errors/index.js";
import { OwnTables } from "./own-tables.js";

/** The tenant that a query is restricted to. */
export interface Tenant {
  /** The tenant column of every table. */
  readonly column: string;
  readonly value: string;
}

/**
 * Restricts a query to the rows of one tenant: wherever it names a table, it reads, updates and deletes only these
 * rows, and it inserts rows of this tenant.
 */
export class TenantScope extends OwnTables {
  private readonly tenant: Tenant;
  /** The target table of the enclosing insert. */
  private into: TableNode | undefined;

  constructor(tenant: Tenant) {
    super();
    this.tenant = tenant;
  }

  protected override transformFrom(node: FromNode, queryId?: QueryId): FromNode {
    return FromNode.create(node.froms.map((one) => this.read(one, queryId)));
  }

  protected override transformJoin(node: JoinNode, queryId?: QueryId): JoinNode {
    return { ...super.transformJoin(node, queryId), table: this.read(node.table, queryId) };
  }

  protected override transformUsing(node: UsingNode, queryId?: QueryId): UsingNode {
    return { ...node, tables: node.tables.map((one) => this.read(one, queryId)) };
  }

  /** `sql.table(…)` in raw SQL becomes a subquery of the tenant's rows, and needs an alias after it. */
  protected override transformRaw(node: RawNode, queryId?: QueryId): RawNode {
    const parameters = node.parameters.map((one) => {
      const own = this.ownTable(one);
      return own === undefined ? this.transformNode(one, queryId) : this.rowsOf(own.name);
    });
    return { ...node, parameters };
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    const [target] = node.from.froms;
    if (target === undefined || node.from.froms.length > 1) throw unscoped("a delete from several tables");
    const rest = super.transformDeleteQuery({ ...node, from: FromNode.create([]) }, queryId);
    return { ...rest, from: node.from, ...this.where(rest.where, target) };
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId?: QueryId): UpdateQueryNode {
    this.checkUpdates(node.updates);
    const { table } = node;
    if (table === undefined) throw unscoped("an update without a table");
    const rest = super.transformUpdateQuery(node, queryId);
    return { ...rest, ...this.where(rest.where, table) };
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    const { into, columns = [], values } = node;
    if (into === undefined || this.ownTable(into) === undefined) return super.transformInsertQuery(node, queryId);
    if (columns.some(({ column }) => column.name === this.tenant.column)) throw this.setByHand();
    if (values === undefined || !ValuesNode.is(values)) throw unscoped("an insert without values");
    const around = this.into;
    this.into = into;
    const rest = super.transformInsertQuery(node, queryId);
    this.into = around;
    const items = (rest.values as ValuesNode).values.map((item) => {
      const given = ValueListNode.is(item) ? item.values : item.values.map((value) => ValueNode.create(value));
      return ValueListNode.create([...given, ValueNode.create(this.tenant.value)]);
    });
    return {
      ...rest,
      columns: [...(rest.columns ?? []), ColumnNode.create(this.tenant.column)],
      values: ValuesNode.create(items),
    };
  }

  /** A row of another tenant under the same key stays as it is. */
  protected override transformOnConflict(node: OnConflictNode, queryId?: QueryId): OnConflictNode {
    this.checkUpdates(node.updates);
    const rest = super.transformOnConflict(node, queryId);
    if (node.updates === undefined || this.into === undefined) return rest;
    const { where } = this.where(rest.updateWhere, this.into);
    return where === undefined ? rest : { ...rest, updateWhere: where };
  }

  protected override transformMergeQuery(_node: MergeQueryNode): MergeQueryNode {
    throw unscoped("a merge");
  }

  /** An own table becomes `(select * from table where tenant = …) as table`, which PostgreSQL plans as one with the rest. */
  private read(node: OperationNode, queryId: QueryId | undefined): OperationNode {
    const own = this.ownTable(node);
    if (own === undefined) return this.transformNode(node, queryId);
    return AliasNode.create(this.rowsOf(own.name), own.alias ?? IdentifierNode.create(own.name));
  }

  private rowsOf(name: string): SelectQueryNode {
    const all = SelectQueryNode.cloneWithSelections(SelectQueryNode.createFrom([TableNode.create(name)]), [
      SelectionNode.create(SelectAllNode.create()),
    ]);
    return { ...all, where: WhereNode.create(this.isTenant(ColumnNode.create(this.tenant.column))) };
  }

  private where(where: WhereNode | undefined, target: OperationNode): { readonly where?: WhereNode } {
    const own = this.ownTable(target);
    if (own === undefined) return where === undefined ? {} : { where };
    const table = own.alias === undefined ? own.name : (own.alias as IdentifierNode).name;
    const scope = this.isTenant(ReferenceNode.create(ColumnNode.create(this.tenant.column), TableNode.create(table)));
    return {
      where: WhereNode.create(where === undefined ? scope : AndNode.create(ParensNode.create(where.where), scope)),
    };
  }

  private isTenant(column: OperationNode): BinaryOperationNode {
    return BinaryOperationNode.create(column, OperatorNode.create("="), ValueNode.create(this.tenant.value));
  }

  private checkUpdates(updates: readonly ColumnUpdateNode[] | undefined): void {
    const names = updates?.map(({ column }) => (ColumnNode.is(column) ? column.column.name : undefined));
    if (names?.includes(this.tenant.column) === true) throw this.setByHand();
  }

  private setByHand(): PotterError {
    return new PotterError(
      "failed_precondition",
      `the column ${this.tenant.column} is set by the projection, to the tenant of the event: leave it out`,
    );
  }
}

function unscoped(what: string): PotterError {
  return new PotterError("failed_precondition", `${what} cannot be kept to one tenant: write it in other words`);
}
