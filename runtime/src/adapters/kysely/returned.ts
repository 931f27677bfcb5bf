import type { QueryExecutorProvider } from "kysely";

interface Unrun {
  readonly isRawBuilder?: boolean;
  /** Raw SQL needs an executor. */
  execute(on?: QueryExecutorProvider): Promise<unknown>;
}

/** Runs the queries that a handler returned without executing them, one after the other. */
export async function runReturned(value: unknown, db: QueryExecutorProvider): Promise<void> {
  for (const one of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
    if (isUnrun(one)) await (one.isRawBuilder === true ? one.execute(db) : one.execute());
  }
}

function isUnrun(value: unknown): value is Unrun {
  return typeof value === "object" && value !== null && "execute" in value && "toOperationNode" in value;
}
