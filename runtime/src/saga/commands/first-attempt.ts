import { onAbort } from "../../async/index.js";
import type { Carried, FirstAttempt } from "../../cqrs/index.js";

/**
 * Carries out a command that no other process can send meanwhile. Its id is reserved only if the call is aborted, since others may send
 * the command then although the function still runs: `waitFor` receives when it is. `record` receives what the caller has to record.
 */
export async function carryOutFirst(
  { signal, held, codec, run, answerNow }: FirstAttempt,
  record: (carried: Carried) => void,
  waitFor: (reserved: Promise<unknown>) => void,
): Promise<Carried> {
  let isHeld: Promise<boolean> | undefined;
  const stopListening = onAbort(signal, () => {
    isHeld = held.reserve().then(
      (known) => known === undefined,
      () => false,
    );
    waitFor(isHeld);
  });
  let carried: Carried;
  try {
    carried = await run();
  } catch (error) {
    if (await isHeld) await held.release();
    throw error;
  } finally {
    stopListening();
  }
  if (isHeld === undefined) record(carried);
  else {
    answerNow(carried.own);
    if (await isHeld) await held.record(carried.response, codec);
  }
  return carried;
}
