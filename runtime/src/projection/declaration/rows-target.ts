import type { ReadModelDefinition } from "../../cqrs/index.js";
import type { ProjectionBuildId, RowTable, RowTransaction } from "../../store/ports/index.js";
import type { EventMeta } from "./event-meta.js";
import type { ProjectionTarget, TargetScope } from "./target.js";
import { type ReadAhead, TransactionRows } from "./transaction-rows.js";

/** The default target of a projection: the rows of its read model, in the store. */
export class RowsTarget implements ProjectionTarget<TransactionRows> {
  private readonly definition: ReadModelDefinition;
  /** The table of the build that was used last. */
  private table: RowTable | undefined;

  constructor(definition: ReadModelDefinition) {
    this.definition = definition;
  }

  open(
    transaction: RowTransaction,
    { stream }: EventMeta,
    build: ProjectionBuildId,
    ahead?: ReadAhead,
  ): TargetScope<TransactionRows> {
    const rows = new TransactionRows(this.definition, this.tableOf(build), stream.tenant, transaction, ahead);
    return { handle: rows, changed: rows.changed, settled: () => rows.settled() };
  }

  tableOf({ name, version, generation }: ProjectionBuildId): RowTable {
    if (this.table?.version !== version || this.table.generation !== generation) {
      this.table = { name, version, generation, codec: this.definition.codec };
    }
    return this.table;
  }
}
