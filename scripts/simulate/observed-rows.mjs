// Rows of a transaction that note what it reads and writes of sagas.

/** Of the names of tables that have sagas. Other rows say what waits for an event, and which events were early. */
const prefix = "potter.sagas.";

function idOf({ name }, key) {
  return name.startsWith(prefix) ? `${name.slice(prefix.length)} ${key}` : undefined;
}

/** Returns the class of these rows. `RowBuffer`: that of the runtime. */
export function observeRows(RowBuffer) {
  return class ObservedRows extends RowBuffer {
    isDetached = true;
    /** What was written, in order: each saga before and after it, by type and id. */
    steps = [];
    /** The functions of a simulated app belong to other services, so no command is recorded with a row. */
    records = [];
    #known = new Map();

    /** The transaction must not be read past this observer. */
    get inMemory() {
      return undefined;
    }

    async get(table, tenant, key) {
      const row = await super.get(table, tenant, key);
      const id = idOf(table, key);
      if (id !== undefined) this.#known.set(id, row);
      return row;
    }

    put(table, tenant, key, row) {
      const id = idOf(table, key);
      if (id !== undefined) {
        const before = this.#known.get(id);
        this.steps.push({ id, before, after: row });
        this.#known.set(id, row);
        this.onUndo(() => {
          this.steps.pop();
          this.#known.set(id, before);
        });
      }
      return super.put(table, tenant, key, row);
    }
  };
}
