import type { BranchMarks, CoordinatorLog, LogEntry, TransactionState } from "./coordinator-log.js";

interface Kept {
  readonly id: string;
  readonly participants: readonly string[];
  readonly began: number;
  readonly marks: BranchMarks | undefined;
  state: TransactionState;
  due: number;
}

/** A log in memory, for tests: it does not survive its process, so what was decided is lost with it. */
export function memoryCoordinatorLog({ now = Date.now }: { readonly now?: () => number } = {}): CoordinatorLog {
  const entries = new Map<string, Kept>();
  const identity = globalThis.crypto.randomUUID().replaceAll("-", "").slice(0, 16);
  const toEntry = ({ id, state, participants, began, marks }: Kept): LogEntry => ({
    id,
    state,
    participants,
    age: now() - began,
    ...(marks && { marks }),
  });
  return {
    start: async () => identity,
    async begin(id, participants, timeout, marks) {
      entries.set(id, { id, participants, marks, began: now(), state: "preparing", due: now() + timeout });
    },
    async decide(id, lease) {
      const entry = entries.get(id);
      if (entry?.state === "preparing") {
        entry.state = "committing";
        entry.due = now() + lease;
      }
      return entry?.state;
    },
    async takeDue(limit, lease) {
      const due = [...entries.values()].filter((entry) => entry.due <= now()).sort((a, b) => a.due - b.due);
      return due.slice(0, limit).map((entry) => {
        if (entry.state === "preparing") entry.state = "aborting";
        entry.due = now() + lease;
        return toEntry(entry);
      });
    },
    async find(ids) {
      const found = ids === undefined ? [...entries.values()] : ids.flatMap((id) => entries.get(id) ?? []);
      return found.map(toEntry);
    },
    async end(id) {
      entries.delete(id);
    },
  };
}
