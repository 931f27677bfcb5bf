import { PotterError } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";
import type { RowTable } from "../../store/ports/index.js";
import type { SagaDefinition } from "../declaration/index.js";
import { dueOf, hasEnded, type SagaInstance } from "../machine/index.js";
import { createRowCodec, type SagaRow } from "./row-codec.js";
import { rowName, subjectFieldOf } from "./row-schema.js";

type Journal = Omit<SagaInstance, "version" | "status" | "paused" | "data" | "startedAt" | "updatedAt" | "frozen">;

/** The journal of a row. It becomes a text when the row is encoded, as only the last of several versions in one transaction is. */
class JournalText {
  readonly saga: SagaInstance;
  private known: string | undefined;

  constructor(saga: SagaInstance) {
    this.saga = saga;
  }

  get text(): string {
    if (this.known === undefined) {
      const { version, status, paused, data, startedAt, updatedAt, frozen, ...journal } = this.saga;
      this.known = JSON.stringify(journal satisfies Journal);
    }
    return this.known;
  }
}

/** The rows of one saga. */
export class SagaTable {
  readonly definition: SagaDefinition;
  readonly codec: AnyCodec;
  readonly table: RowTable;
  private readonly subject: string | undefined;
  private readonly order: readonly string[];
  private readonly retention: number | undefined;

  /** `retention`: how long after its end a saga is due to be removed; undefined: never. */
  constructor(definition: SagaDefinition, retention?: number) {
    this.definition = definition;
    this.retention = retention;
    this.codec = createRowCodec(definition);
    this.table = { name: rowName(definition.name), version: 1, codec: this.codec, due: "due" };
    this.subject = subjectFieldOf(definition);
    this.order = Object.values(definition.steps).map(({ name }) => name);
  }

  toRow(saga: SagaInstance): SagaRow {
    const { version, status, paused, data, startedAt, updatedAt, frozen } = saga;
    const subject = this.subject && (data as Readonly<Record<string, unknown>>)[this.subject];
    const { retention } = this;
    let due: number | undefined;
    return {
      status,
      step: this.stepOf(saga),
      version,
      started: startedAt,
      updated: updatedAt,
      // Looks at all commands.
      get due() {
        due ??= retention !== undefined && hasEnded(saga) ? updatedAt + retention : dueOf(saga);
        return due;
      },
      paused,
      journal: new JournalText(saga),
      data,
      frozen,
      ...(subject !== undefined && subject !== null && { subject: String(subject) }),
    };
  }

  toInstance(row: unknown): SagaInstance {
    const { version, status, paused, data, started, updated, frozen, journal } = row as SagaRow;
    const { saga } = journal;
    // The transaction that reads the row has written it. Others receive data of their own.
    if (saga !== undefined && saga.data === data) return saga;
    const fields = { version, status: status as SagaInstance["status"], paused, data };
    return { ...(saga ?? this.parse(journal.text)), ...fields, startedAt: started, updatedAt: updated, frozen };
  }

  private parse(text: string): Journal {
    try {
      return JSON.parse(text) as Journal;
    } catch (cause) {
      throw new PotterError("data_loss", `the journal of a saga ${this.definition.name} is damaged`, { cause });
    }
  }

  /** The first step that is under way or has to be looked at. */
  private stepOf({ steps }: SagaInstance): string {
    const isOpen = (name: string): boolean => {
      const status = steps[name]?.status;
      return status === "running" || status === "undoing";
    };
    return this.order.find(isOpen) ?? Object.keys(steps).find(isOpen) ?? "";
  }
}
