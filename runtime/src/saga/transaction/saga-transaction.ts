import type { RowStore, RowTransaction } from "../../store/ports/index.js";
import type { MachineContext, SagaMessage } from "../machine/index.js";
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

/** What a saga is sent. */
export type QueuedMessage = SagaMessage | StartMessage | LoggedEvent;

/** Why a message had no effect; undefined: it had one. */
export type Result = Ignored | "exists" | undefined;

/** What a transaction needs of the engine. */
export interface TransactionHost {
  readonly rows: RowStore;
  readonly sagas: DeclaredSagas;
  context(): MachineContext;
  /** Prepares the commands that follow, while the changes are being stored. Notes them in the intent. */
  prepare(changed: readonly Changed[], intent: Intent): void;
}

/** Applies messages to a saga in one transaction. */
export async function runTransaction(
  { rows, sagas, context, prepare }: TransactionHost,
  key: SagaKey,
  messages: readonly QueuedMessage[],
): Promise<{ readonly results: readonly Result[]; readonly changed: readonly Changed[]; readonly intent: Intent }> {
  // May run several times: only the last run counts.
  let intent = new Intent();
  const work = async (transaction: RowTransaction) => {
    intent.end(false);
    intent = new Intent();
    const transitions = new Transitions(sagas, transaction, context);
    const results: Result[] = [];
    for (const message of messages) {
      const isStart = message.kind === "start";
      const result = await (isStart ? transitions.start(key, message) : transitions.apply(key, message));
      const early = result === "unknown_saga" && "early" in message ? message.early : undefined;
      const saga = sagas.get(key.type);
      results.push(early && saga ? await keepEarly(transaction, saga, early) : result);
    }
    prepare(transitions.changed, intent);
    return { results, changed: transitions.changed };
  };
  let isStored = false;
  try {
    const done = await rows.transact(work);
    isStored = true;
    return { ...done, intent };
  } finally {
    intent.end(isStored);
  }
}
