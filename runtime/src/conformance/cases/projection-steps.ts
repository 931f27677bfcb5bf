import type {
  CheckpointCommit,
  DeadLetter,
  DeadLetterChange,
  Lease,
  ProjectionBuildId,
  ProjectionStore,
  RowTransaction,
  Store,
} from "../../store/ports/index.js";

export const first: ProjectionBuildId = { name: "p", version: 1, generation: 1 };

export async function take(store: Store, shard = 0, worker = "w", lease = 60_000): Promise<Lease> {
  const found = await store.projections.acquire({ ...first, shard }, worker, lease);
  if (found === undefined) throw new Error("expected a lease");
  return found;
}

export function step(
  projections: ProjectionStore,
  lease: CheckpointCommit | Lease,
  from: number,
  to: number,
  apply: (transaction: RowTransaction) => Promise<unknown> = async () => [],
  more: Partial<CheckpointCommit> = {},
): Promise<boolean> {
  return projections.commit(
    { ...lease, from, to, ...more },
    async (transaction) => ((await apply(transaction)) ?? []) as readonly DeadLetterChange[],
  );
}

export function deadLetterOf(
  key: string,
  position: number,
  more: Partial<DeadLetter> = {},
): DeadLetterChange & DeadLetter {
  return {
    kind: "add",
    key,
    position,
    shard: 0,
    eventId: "01890000-0000-7000-8000-000000000001",
    type: "t",
    schemaVersion: 1,
    stream: { tenant: "", type: "s\0", id: key },
    version: position,
    error: undefined,
    attempts: 0,
    retryIn: undefined,
    ...more,
  };
}
