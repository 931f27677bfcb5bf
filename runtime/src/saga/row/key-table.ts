import { type FieldMask, FieldMaskSchema } from "@bufbuild/protobuf/wkt";
import { type AnyCodec, es, nameId } from "../../message/index.js";
import type { RowTable } from "../../store/ports/index.js";
import type { SagaDefinition } from "../declaration/index.js";

/** Which sagas wait for an event by a value of their data: one row for each step and value. */
export class KeyTable {
  readonly table: RowTable;

  constructor({ name }: SagaDefinition) {
    // A field mask is the well-known message that is a list of texts: the ids of the sagas.
    this.table = { name: `potter.saga_keys.${name}`, version: 1, codec: es(FieldMaskSchema) as AnyCodec };
  }

  /** The key of a row. A hash, since the value may be personal. */
  keyOf(step: string, value: string): string {
    return nameId("potter.saga.key", step, value);
  }

  idsOf(row: unknown): readonly string[] {
    return (row as FieldMask | undefined)?.paths ?? [];
  }

  toRow(ids: readonly string[]): unknown {
    return this.table.codec.create({ paths: [...ids] });
  }
}
