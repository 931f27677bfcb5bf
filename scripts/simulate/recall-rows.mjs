// Spares most schedules the encoding of rows, which is a large part of their time.

/** Makes the tables of an engine return the very rows that were stored. `rows`: by what they are stored as, for all engines of a schedule. */
export function recallRows(engine, rows) {
  for (const { table } of engine.sagas.values()) {
    // Two writes of a row are never the same bytes: the store compares them by identity.
    table.codec.encode = (row) => {
      const bytes = new Uint8Array(1);
      rows.set(bytes, row);
      return bytes;
    };
    table.codec.decode = (bytes) => rows.get(bytes);
  }
}
