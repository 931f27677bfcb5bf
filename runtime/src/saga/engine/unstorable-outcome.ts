import { isPotterError, isTemporary } from "../../errors/index.js";
import type { QueuedMessage } from "../transaction/index.js";

/**
 * Applies messages by `transact`. If one is the outcome of a command and cannot be stored, its saga is suspended: otherwise the command would be
 * sent again and again, each time that its lease ends. Rejects with the error nevertheless.
 */
export async function suspendIfUnstorable<T>(
  messages: readonly QueuedMessage[],
  transact: (messages: readonly QueuedMessage[]) => Promise<T>,
): Promise<T> {
  try {
    return await transact(messages);
  } catch (error) {
    const [message, ...more] = messages;
    const isOutcome = message?.kind === "response" || message?.kind === "failure";
    if (isOutcome && more.length === 0 && !isTemporary(error)) {
      const { step } = message;
      const code = isPotterError(error) ? error.code : "internal";
      const failure = { code, reason: `the outcome of ${step} cannot be stored` };
      // If that fails too, the row can be read or stored by nobody.
      await transact([{ kind: "unstorable", step, failure }]).catch(() => {});
    }
    throw error;
  }
}
