import type { AppendingTransaction, CommandRecord, RowStore } from "../../store/ports/index.js";
import type { MachineContext, SagaMessage } from "../machine/index.js";
import { CoalescedRows } from "./coalesced-rows.js";
import type { DeclaredSagas } from "./declared-sagas.js";
import { keepEarly, type ReceivedEvent } from "./early-events.js";
import { Intent } from "./intent.js";
import type { SagaKey } from "./saga-key.js";
import { type Changed, type Ignored, type SagaStart, Transitions } from "./transitions.js";

export interface StartMessage extends SagaStart {
  readonly kind: "start";
}

/** An event of the log, which is kept if there is no such saga yet. */
type LoggedEvent = Extract<SagaMessage, { kind: "event" }> & { readonly early: ReceivedEvent };

/** A response, with the record of its command, which is stored by the same transaction. */
export type RecordedResponse = Extract<SagaMessage, { kind: "response" }> & { readonly record?: CommandRecord };

/** What a saga is sent. */
export type QueuedMessage = SagaMessage | StartMessage | LoggedEvent | RecordedResponse;

/** Why a message had no effect; undefined: it had one. */
export type Result = Ignored | "exists" | undefined;

/** What takes part in a transaction. */
interface Unit {
  end(isCommitted: boolean): void;
}

/** What a transaction needs of the engine. */
export interface TransactionHost {
  readonly rows: RowStore;
  readonly sagas: DeclaredSagas;
  context(): MachineContext;
  /** Carries out local commands in the transaction, whose end the unit must learn. */
  carryOutLocal(transitions: Transitions, rows: AppendingTransaction, onUnit: (unit: Unit) => void): Promise<void>;
  /** Prepares the commands that follow, while the changes are being stored. Notes them in the intent. */
  prepare(changed: readonly Changed[], intent: Intent): void;
}

/** What a transaction has led to. */
export interface TransactionResult {
  readonly results: readonly Result[];
  readonly transitions: Transitions;
  readonly intent: Intent;
  /** Records of commands that could not be part of the transaction. */
  readonly unrecorded: readonly CommandRecord[];
}

/** Applies messages to a saga in one transaction. */
export async function runTransaction(
  host: TransactionHost,
  key: SagaKey,
  messages: readonly QueuedMessage[],
): Promise<TransactionResult> {
  const { rows, sagas } = host;
  // May run several times: only the last run counts.
  let intent = new Intent();
  let units: Unit[] = [intent];
  let joinsLocal = true;
  const end = (isStored: boolean) => {
    for (const unit of units) unit.end(isStored);
  };
  const work = async (transaction: AppendingTransaction) => {
    end(false);
    intent = new Intent();
    units = [intent];
    const changes = new CoalescedRows(transaction);
    const transitions = new Transitions(sagas, changes, () => host.context());
    const results: Result[] = [];
    for (const message of messages) {
      const isStart = message.kind === "start";
      const result = await (isStart ? transitions.start(key, message) : transitions.apply(key, message));
      const early = result === "unknown_saga" && "early" in message ? message.early : undefined;
      const saga = sagas.get(key.type);
      results.push(early && saga ? await keepEarly(changes, saga, early) : result);
    }
    const unrecorded: CommandRecord[] = [];
    for (const message of messages) {
      if (!("record" in message) || message.record === undefined) continue;
      if (!(await recordWithin(transaction, key.tenant, message.record))) unrecorded.push(message.record);
    }
    if (joinsLocal) await host.carryOutLocal(transitions, transaction, (unit) => units.push(unit));
    try {
      await changes.write();
    } catch (error) {
      // Perhaps an outcome that no store keeps: its command is sent by itself then.
      joinsLocal = transitions.carriedOut.size === 0;
      throw error;
    }
    host.prepare(transitions.changed, intent);
    return { results, transitions, unrecorded };
  };
  let isStored = false;
  try {
    const done = await rows.transact(work).catch((error: unknown) => {
      if (joinsLocal) throw error;
      return rows.transact(work);
    });
    isStored = true;
    return { ...done, intent };
  } finally {
    end(isStored);
  }
}

/** Records a command with the transaction. false: that is not possible. */
async function recordWithin(rows: AppendingTransaction, tenant: string, command: CommandRecord): Promise<boolean> {
  if (rows.record === undefined) return false;
  try {
    await rows.record(tenant, command);
    return true;
  } catch {
    // A response that no store keeps must not hold the saga up.
    return false;
  }
}
