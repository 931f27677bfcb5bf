// Spares most schedules the encoding of rows, which is a large part of their time.

/** What a row is stored as: two writes of a row are never the same, as the store compares what it has by identity. */
class StoredRow {
  /** The store checks the size of what it keeps. */
  length = 1;

  constructor(row) {
    this.row = row;
  }
}

const encode = (row) => new StoredRow(row);
const decode = ({ row }) => row;

/** Makes the tables of an engine return the very rows that were stored. */
export function recallRows(engine) {
  for (const { table } of engine.sagas.values()) Object.assign(table.codec, { encode, decode });
}
