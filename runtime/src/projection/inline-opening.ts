import { sleep } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import type { Lease, ProjectionBuildState } from "../store/ports/index.js";
import { type Builds, idOf, isKeptInline } from "./builds.js";
import type { Projector } from "./projector.js";
import { ShardWorker, type WorkerSurroundings } from "./shard-worker.js";
import { keptInline } from "./status.js";

/** How long to wait for other processes until one looks again, in milliseconds. */
const wait = 50;

export interface OpeningSurroundings extends WorkerSurroundings {
  /** The id of this process. */
  readonly owner: string;
}

/** By which a process says that its appends keep a version of a projection. */
export function inlineMark({ name, part }: Projector): string {
  return `${name} inline ${part.version}`;
}

/**
 * Brings an inline projection up to date, before anything is appended here: from then on every append keeps it. Waits for processes
 * of an earlier release to end, whose appends would not. Gives the build that is kept; undefined if another version has replaced it.
 */
export async function openInline(
  projector: Projector,
  builds: Builds,
  surroundings: OpeningSurroundings,
  signal: AbortSignal,
): Promise<ProjectionBuildState | undefined> {
  const [own] = builds.presentOf(projector);
  if (own === undefined) return undefined;
  const { name, version, generation } = own;
  projector.build = { name, version, generation };
  await builds.prepare(projector, own);
  const earlier = new EarlierReleases(projector, surroundings);
  while (!builds.all.some((build) => idOf(build) === idOf(own) && isKeptInline(build))) {
    if (signal.aborted) throw new PotterError("cancelled", "the app is stopping");
    if (await earlier.areAlive()) {
      await sleep(wait, signal);
      continue;
    }
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

/** Processes that know the projection, and whose appends do not keep this version of it. */
class EarlierReleases {
  private readonly projector: Projector;
  private readonly surroundings: OpeningSurroundings;
  private told = false;

  constructor(projector: Projector, surroundings: OpeningSurroundings) {
    this.projector = projector;
    this.surroundings = surroundings;
  }

  async areAlive(): Promise<boolean> {
    const { name, part } = this.projector;
    const { store, owner, lease, logger } = this.surroundings;
    const mark = inlineMark(this.projector);
    const records = await store.projections.heartbeat(owner, [name, mark], lease);
    const keeping = new Set(records.flatMap((record) => (record.name === mark ? [record.worker] : [])));
    const others = new Set(records.map(({ worker }) => worker).filter((worker) => !keeping.has(worker)));
    if (others.size > 0 && !this.told) {
      logger.warn(
        "an inline projection waits for processes of an earlier release to end, since their appends do not keep it",
        {
          projection: name,
          version: part.version,
          processes: others.size,
        },
      );
      this.told = true;
    }
    return others.size > 0;
  }
}

/** false: another process has taken it. */
async function catchUp(projector: Projector, lease: Lease, surroundings: WorkerSurroundings): Promise<boolean> {
  if (lease.position === keptInline) return true;
  const worker = new ShardWorker(projector, lease, 1, [], { ...surroundings, strict: true });
  while (await worker.step()) {}
  return worker.move(keptInline);
}
