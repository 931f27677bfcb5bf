import { PotterError } from "../errors/index.js";
import type { Store } from "../store/ports/index.js";

/** Rejects with the reason if a started store cannot serve calls: for the log, not for clients. */
export async function checkReady(store: Pick<Store, "health" | "migrations">): Promise<void> {
  const health = await store.health?.();
  if (health?.reachable === false) {
    throw new PotterError("unavailable", `the store is not reachable: ${health.error ?? "it gives no reason"}`);
  }
  const status = await store.migrations?.status();
  if (status === undefined) return;
  const { place, current, known, oldest, pending } = status;
  if (pending.length === 0 && known >= oldest) return;
  const fix = pending.length > 0 ? `needs ${known}: run \`potter db migrate\`` : `knows up to ${known}: update it`;
  throw new PotterError("failed_precondition", `the ${place} is at version ${current}, and this release ${fix}`);
}
