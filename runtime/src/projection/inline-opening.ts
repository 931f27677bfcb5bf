import { PotterError } from "../errors/index.js";
import type { BuildRecord, Lease } from "../event-store/index.js";
import { type Builds, idOf, isKeptInline } from "./builds.js";
import type { Projector } from "./projector.js";
import { sleep } from "./retry-delay.js";
import { ShardWorker, type WorkerSurroundings } from "./shard-worker.js";
import { keptInline } from "./status.js";

/** How long to wait for another process that brings a projection up to date, in milliseconds. */
const wait = 50;

export interface OpeningSurroundings extends WorkerSurroundings {
  /** The id of this process. */
  readonly owner: string;
}

/**
 * Brings an inline projection up to date, before anything is appended here: from then on every append keeps it. Gives the
 * build that is kept; undefined if another version has replaced it.
 */
export async function openInline(
  projector: Projector,
  builds: Builds,
  surroundings: OpeningSurroundings,
  signal: AbortSignal,
): Promise<BuildRecord | undefined> {
  const [own] = builds.presentOf(projector);
  if (own === undefined) return undefined;
  const { name, version, generation } = own;
  projector.build = { name, version, generation };
  await builds.prepare(projector, own);
  while (!builds.all.some((build) => idOf(build) === idOf(own) && isKeptInline(build))) {
    if (signal.aborted) throw new PotterError("cancelled", "the app is stopping");
    const lease = await surroundings.store.projections.acquire(
      { name, version, generation, shard: 0 },
      surroundings.owner,
      surroundings.lease,
    );
    if (lease !== undefined && (await catchUp(projector, lease, surroundings))) break;
    await sleep(wait, signal);
    await builds.refresh();
  }
  return own;
}

/** false: another process has taken it. */
async function catchUp(projector: Projector, lease: Lease, surroundings: WorkerSurroundings): Promise<boolean> {
  if (lease.position === keptInline) return true;
  const worker = new ShardWorker(projector, lease, 1, [], { ...surroundings, strict: true });
  while (await worker.step()) {}
  return worker.move(keptInline);
}
