import type { ReadModelDefinition } from "../../cqrs/index.js";
import { ChangeHub, RowWatchers } from "../../projection/index.js";
import type { SagaDefinition } from "../declaration/index.js";
import type { SagaEngine } from "../engine/index.js";
import type { SagaInstance } from "../machine/index.js";
import type { SagaKey } from "../transaction/index.js";
import { refusal } from "./check-input.js";
import { DefaultSagaControl, type SagaControl, type SagaControlHost } from "./saga-control.js";
import { SagaEnds } from "./saga-ends.js";

/** A saga of the contract, or the full name of its data. */
export type SagaReference = string | { readonly definition: Pick<SagaDefinition, "name"> };

/** The controls of the sagas of an app. */
export class SagaControls {
  private readonly engine: SagaEngine;
  private readonly host: SagaControlHost;
  private readonly hub = new ChangeHub();
  private readonly ends = new SagaEnds();
  private readonly known = new Map<string, SagaControl>();

  constructor(engine: SagaEngine, host: SagaControlHost) {
    this.engine = engine;
    this.host = host;
  }

  of(reference: SagaReference): SagaControl {
    const type: unknown = typeof reference === "string" ? reference : reference?.definition?.name;
    if (typeof type !== "string") throw refusal("the saga", reference, "a saga of the contract, or its full name");
    let control = this.known.get(type);
    if (control === undefined) {
      const { table } = this.engine.need(type).table;
      const watchers = new RowWatchers({
        // Of a read model, watchers use the codec only.
        definition: { codec: table.codec } as ReadModelDefinition,
        rows: this.engine.rows,
        hub: this.hub,
        table: () => table,
        report: ({ error, attempt, retryIn }) =>
          this.host.logger.warn("a watched saga could not be read, will retry", {
            saga: type,
            error,
            attempt,
            retryIn,
          }),
      });
      control = new DefaultSagaControl(this.engine, type, this.host, watchers, this.ends);
      this.known.set(type, control);
    }
    return control;
  }

  changed(key: SagaKey, instance: SagaInstance): void {
    const { type, tenant, id } = key;
    this.ends.changed(key, instance);
    this.hub.publish({ name: this.engine.need(type).table.codec.typeName, keys: [{ tenant, key: id }] });
  }

  endWatches(error: unknown): void {
    this.hub.end(error);
    this.ends.end(error);
  }
}
