import { PotterError } from "../../errors/index.js";
import { checkDeadLetterQuery, checkLease, checkLimit, checkRegistration, checkShard } from "../checks/index.js";
import type {
  ApplyCheckpoint,
  CheckpointCommit,
  CheckpointMove,
  DeadLetter,
  DeadLetterQuery,
  Lease,
  ProjectionBuildId,
  ProjectionBuildState,
  ProjectionHeartbeat,
  ProjectionRegistration,
  ProjectionStore,
} from "../ports/index.js";
import { MemoryDeadLetters, toDeadLetters } from "./memory-dead-letters.js";
import type { MemoryRowStore } from "./memory-row-store.js";
import type { Mutex } from "./mutex.js";

interface Shard {
  position: number;
  epoch: number;
  owner: string | undefined;
  leaseUntil: number;
  readonly deadLetters: MemoryDeadLetters;
}

interface Build extends ProjectionBuildId {
  state: ProjectionBuildState["state"];
  retiredAt: number;
  dropped: boolean;
  readonly shards: readonly Shard[];
}

/** Checkpoints of projections in this process. Several apps may share it, as several processes share a database. */
export class MemoryProjectionStore implements ProjectionStore {
  private readonly rows: MemoryRowStore;
  private readonly transactions: Mutex;
  private readonly now: () => number;
  private readonly builds: Build[] = [];
  private readonly paused = new Set<string>();
  /** When each worker expires, and the projections that it runs. */
  private readonly workers = new Map<string, { readonly until: number; readonly names: readonly string[] }>();

  constructor(rows: MemoryRowStore, transactions: Mutex, now: () => number) {
    this.rows = rows;
    this.transactions = transactions;
    this.now = now;
  }

  async register(registration: ProjectionRegistration): Promise<void> {
    checkRegistration(registration);
    const { name, version } = registration;
    const known = this.builds.filter((build) => build.name === name);
    if (known.some((build) => build.version === version)) return;
    this.add(registration, known.length === 0 ? "live" : "building");
  }

  async rebuild(registration: ProjectionRegistration): Promise<ProjectionBuildId> {
    checkRegistration(registration);
    for (const build of this.builds) {
      if (isOf(build, registration) && build.state === "building") retire(build, this.now());
    }
    return toBuild(this.add(registration, "building"));
  }

  async list(names: readonly string[]): Promise<readonly ProjectionBuildState[]> {
    const found = this.builds.filter(({ name, dropped }) => names.includes(name) && !dropped);
    return found.sort(compareBuilds).map((build) => this.toRecord(build));
  }

  async live(name: string): Promise<ProjectionBuildId | undefined> {
    const found = this.builds.find((build) => build.name === name && build.state === "live");
    return found && toBuild(found);
  }

  async heartbeat(worker: string, names: readonly string[], lease: number): Promise<ProjectionHeartbeat> {
    checkLease(lease);
    const now = this.now();
    this.workers.set(worker, { until: now + lease, names });
    for (const [id, { until }] of this.workers) if (until <= now) this.workers.delete(id);
    for (const { shards } of this.builds) {
      for (const shard of shards) if (shard.owner === worker) shard.leaseUntil = now + lease;
    }
    const workers = [...this.workers].flatMap(([id, known]) =>
      known.names.filter((name) => names.includes(name)).map((name) => ({ worker: id, name })),
    );
    return { workers, builds: await this.list(names) };
  }

  async leave(worker: string): Promise<void> {
    this.workers.delete(worker);
    for (const { shards } of this.builds) {
      for (const shard of shards) if (shard.owner === worker) free(shard);
    }
  }

  async acquire(
    wanted: ProjectionBuildId & { readonly shard: number },
    worker: string,
    lease: number,
  ): Promise<Lease | undefined> {
    checkShard(wanted);
    checkLease(lease);
    const build = this.find(wanted);
    const shard = build?.shards[wanted.shard];
    if (build === undefined || shard === undefined || this.paused.has(wanted.name)) return undefined;
    const now = this.now();
    if (shard.owner !== undefined && shard.owner !== worker && shard.leaseUntil > now) return undefined;
    shard.epoch++;
    shard.owner = worker;
    shard.leaseUntil = now + lease;
    return { ...toBuild(build), shard: wanted.shard, epoch: shard.epoch, position: shard.position };
  }

  async release(lease: Lease): Promise<void> {
    const shard = this.find(lease)?.shards[lease.shard];
    if (shard?.epoch === lease.epoch) free(shard);
  }

  commit(move: CheckpointCommit, apply: ApplyCheckpoint): Promise<boolean> {
    const holds = (shard: Shard | undefined): shard is Shard =>
      shard?.position === move.from && shard.epoch === move.epoch;
    return this.transactions.run(async () => {
      const shard = this.find(move)?.shards[move.shard];
      if (!holds(shard)) return false;
      const rows = this.rows.begin();
      const deadLetters = await apply(rows);
      // Checked again: the epoch may have changed while `apply` ran.
      if (!holds(shard)) return false;
      shard.position = move.to;
      if (move.lease !== undefined) shard.leaseUntil = this.now() + move.lease;
      shard.deadLetters.apply(deadLetters);
      this.rows.apply(rows.changes);
      return true;
    });
  }

  async advance(moves: readonly CheckpointMove[]): Promise<readonly boolean[]> {
    return moves.map((move) => {
      const shard = this.find(move)?.shards[move.shard];
      if (shard?.epoch !== move.epoch || (shard.position !== move.from && shard.position !== move.to)) return false;
      shard.position = move.to;
      return true;
    });
  }

  async promote(build: ProjectionBuildId): Promise<void> {
    const next = this.find(build);
    if (next === undefined) throw neverRegistered(build);
    for (const other of this.builds) {
      if (other === next || other.name !== next.name || other.state === "retired") continue;
      if (other.state === "live" || compareBuilds(other, next) < 0) retire(other, this.now());
    }
    next.state = "live";
  }

  async setPaused(name: string, paused: boolean): Promise<void> {
    await this.transactions.run(async () => {
      if (!paused) {
        this.paused.delete(name);
        return;
      }
      this.paused.add(name);
      for (const build of this.builds) if (build.name === name) for (const shard of build.shards) free(shard);
    });
  }

  async drop(wanted: ProjectionBuildId, limit: number): Promise<boolean> {
    checkLimit("rows to delete", limit);
    const build = this.find(wanted);
    if (build?.state !== "retired" || this.rows.drop(wanted, limit)) return build?.state === "retired";
    build.dropped = true;
    for (const shard of build.shards) shard.deadLetters.clear();
    return false;
  }

  async deadLetters(build: ProjectionBuildId, query: DeadLetterQuery): Promise<readonly DeadLetter[]> {
    checkDeadLetterQuery(query);
    const shards = this.find(build)?.shards ?? [];
    const chosen = query.shard === undefined ? shards : shards.slice(query.shard, query.shard + 1);
    const found = chosen.flatMap(({ deadLetters }) => deadLetters.find(query));
    return toDeadLetters(found, query);
  }

  async blockedKeys(wanted: ProjectionBuildId & { readonly shard: number }): Promise<readonly string[]> {
    checkShard(wanted);
    return this.find(wanted)?.shards[wanted.shard]?.deadLetters.keys ?? [];
  }

  async retry(build: ProjectionBuildId, key?: string): Promise<number> {
    return (this.find(build)?.shards ?? []).reduce((sum, { deadLetters }) => sum + deadLetters.retry(key), 0);
  }

  async discard(build: ProjectionBuildId, key: string): Promise<number> {
    return this.transactions.run(async () => {
      let discarded = 0;
      for (const shard of this.find(build)?.shards ?? []) {
        const count = shard.deadLetters.discard(key);
        discarded += count;
        // The worker has cached that the key is blocked: it must acquire the shard again.
        if (count > 0) free(shard);
      }
      return discarded;
    });
  }

  private add({ name, version, shards, after = 0 }: ProjectionRegistration, state: Build["state"]): Build {
    const generation =
      1 + Math.max(0, ...this.builds.filter((b) => isOf(b, { name, version })).map((b) => b.generation));
    const build: Build = {
      name,
      version,
      generation,
      state,
      retiredAt: 0,
      dropped: false,
      shards: Array.from({ length: shards }, () => ({
        position: after,
        epoch: 0,
        owner: undefined,
        leaseUntil: 0,
        deadLetters: new MemoryDeadLetters(),
      })),
    };
    this.builds.push(build);
    return build;
  }

  private find(wanted: ProjectionBuildId): Build | undefined {
    return this.builds.find((build) => isOf(build, wanted) && build.generation === wanted.generation);
  }

  private toRecord(build: Build): ProjectionBuildState {
    const now = this.now();
    return {
      ...toBuild(build),
      state: build.state,
      paused: this.paused.has(build.name),
      ...(build.state === "retired" && { retiredFor: now - build.retiredAt }),
      shards: build.shards.map(({ position, owner, leaseUntil, deadLetters }, shard) => ({
        shard,
        position,
        owner: leaseUntil > now ? owner : undefined,
        deadLetters: deadLetters.count,
      })),
    };
  }
}

function isOf(build: ProjectionBuildId, { name, version }: Pick<ProjectionBuildId, "name" | "version">): boolean {
  return build.name === name && build.version === version;
}

function compareBuilds(a: ProjectionBuildId, b: ProjectionBuildId): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.version - b.version || a.generation - b.generation;
}

function toBuild({ name, version, generation }: ProjectionBuildId): ProjectionBuildId {
  return { name, version, generation };
}

function retire(build: Build, at: number): void {
  build.state = "retired";
  build.retiredAt = at;
  for (const shard of build.shards) free(shard);
}

function free(shard: Shard): void {
  shard.epoch++;
  shard.owner = undefined;
  shard.leaseUntil = 0;
}

function neverRegistered({ name, version, generation }: ProjectionBuildId): PotterError {
  return new PotterError(
    "failed_precondition",
    `build ${version}.${generation} of the projection ${name} was never registered`,
  );
}
