import { type FieldMask, FieldMaskSchema } from "@bufbuild/protobuf/wkt";
import { type AnyCodec, es, nameId } from "../../message/index.js";
import type { RowReader, RowTable } from "../../store/ports/index.js";
import type { SagaDefinition } from "../declaration/index.js";

const namespace = "potter.saga.key";
/** The most sagas of the first page, which mostly has one or none, and of later ones. */
const pageSizes = { first: 10, later: 100 };

/**
 * Which sagas wait for an event by a value of their data: one row for each step, value and saga, so that a saga that begins to wait writes
 * the same however many wait already. The rows of one step and value are next to each other.
 */
export class KeyTable {
  readonly table: RowTable;

  constructor({ name }: SagaDefinition) {
    // A field mask is the well-known message that is a list of texts: the id of the saga. No field of it is indexed, as a text would be.
    this.table = { name: `potter.saga_keys.${name}`, version: 1, codec: es(FieldMaskSchema) as AnyCodec };
  }

  /** The key of a saga's row. Hashes: the value may be personal, and the id as long as a key may be. */
  keyOf(step: string, value: string, id: string): string {
    return prefixOf(step, value) + nameId(namespace, id);
  }

  toRow(id: string): unknown {
    return this.table.codec.create({ paths: [id] });
  }

  /** The ids of the sagas that wait for a step by a value, in pages. */
  async *waiting(
    rows: Pick<RowReader, "scan">,
    tenant: string,
    step: string,
    value: string,
  ): AsyncGenerator<readonly string[], void, undefined> {
    const prefix = prefixOf(step, value);
    let after = prefix;
    for (let limit = pageSizes.first; ; limit = pageSizes.later) {
      const found = await rows.scan(this.table, tenant, { conditions: [], after, limit });
      const own = found.filter(({ key }) => key.startsWith(prefix));
      if (own.length > 0) yield own.flatMap(({ row }) => (row as FieldMask).paths);
      const last = own[limit - 1];
      if (last === undefined) return;
      after = last.key;
    }
  }
}

/** What the keys of all sagas that wait for a step by a value begin with. */
function prefixOf(step: string, value: string): string {
  return `${nameId(namespace, step, value)} `;
}
