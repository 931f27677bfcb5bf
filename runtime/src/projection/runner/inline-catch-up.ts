import { sleep } from "../../async/index.js";
import { PotterError } from "../../errors/index.js";
import type { Lease, ProjectionBuildState } from "../../store/ports/index.js";
import type { Projector } from "../declaration/index.js";
import { type Builds, buildKey } from "./builds.js";
import { isKeptInline, keptInline } from "./kept-inline.js";
import { ShardWorker, type WorkerDependencies } from "./shard-worker.js";

/** Pause before other processes are looked at again, in milliseconds. */
const pollInterval = 50;

export interface InlineCatchUpDependencies extends WorkerDependencies {
  readonly builds: Builds;
  /** The id of this process. */
  readonly owner: string;
}

/** The name under which a process registers that its appends keep this version of a projection. */
export function inlineMark({ name, part }: Projector): string {
  return `${name} inline ${part.version}`;
}

/**
 * Brings an inline projection up to date before this process appends anything; from then on every append keeps it. Waits until
 * processes of an earlier release have ended, whose appends would not. Returns the build that is kept; undefined if another
 * version has replaced it.
 */
export async function catchUpInline(
  projector: Projector,
  dependencies: InlineCatchUpDependencies,
  signal: AbortSignal,
): Promise<ProjectionBuildState | undefined> {
  const { store, builds, owner, leaseDuration } = dependencies;
  const [own] = builds.presentOf(projector);
  if (own === undefined) return undefined;
  const { name, version, generation } = own;
  projector.build = { name, version, generation };
  await builds.prepare(projector, own);
  const earlier = new EarlierReleases(projector, dependencies);
  while (!builds.all.some((build) => buildKey(build) === buildKey(own) && isKeptInline(build))) {
    if (signal.aborted) throw new PotterError("cancelled", "the app is stopping");
    if (await earlier.areAlive()) {
      await sleep(pollInterval, signal);
      continue;
    }
    const lease = await store.projections.acquire({ name, version, generation, shard: 0 }, owner, leaseDuration);
    if (lease !== undefined && (await catchUp(projector, lease, dependencies))) break;
    await sleep(pollInterval, signal);
    await builds.refresh();
  }
  return own;
}

/** Processes that run the projection, and whose appends do not keep this version of it. */
class EarlierReleases {
  private readonly projector: Projector;
  private readonly dependencies: InlineCatchUpDependencies;
  private isLogged = false;

  constructor(projector: Projector, dependencies: InlineCatchUpDependencies) {
    this.projector = projector;
    this.dependencies = dependencies;
  }

  async areAlive(): Promise<boolean> {
    const { name, part } = this.projector;
    const { store, owner, leaseDuration, logger } = this.dependencies;
    const mark = inlineMark(this.projector);
    const { workers: records } = await store.projections.heartbeat(owner, [name, mark], leaseDuration);
    const keeping = new Set(records.flatMap((record) => (record.name === mark ? [record.worker] : [])));
    const others = new Set(records.map(({ worker }) => worker).filter((worker) => !keeping.has(worker)));
    if (others.size > 0 && !this.isLogged) {
      logger.warn(
        "an inline projection waits for processes of an earlier release to end, since their appends do not keep it",
        { projection: name, version: part.version, processes: others.size },
      );
      this.isLogged = true;
    }
    return others.size > 0;
  }
}

/** false: another process holds the lease. */
async function catchUp(projector: Projector, lease: Lease, dependencies: WorkerDependencies): Promise<boolean> {
  if (lease.position === keptInline) return true;
  const worker = new ShardWorker(projector, lease, 1, [], { ...dependencies, strict: true });
  while (await worker.step()) {}
  return worker.move(keptInline);
}
