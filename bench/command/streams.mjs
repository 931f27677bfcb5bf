import { randomUUID } from "node:crypto";

/** Commands to one order before the next begins. */
const length = { ten: 20, hot: 500 };

/**
 * The ids of the orders to which commands go: `new`: none, each creates one; `ten`: each caller has an order of its own,
 * for 20 commands, so that a command finds ten events on average; `hot`: all callers have the same, for 500 commands.
 */
export function createOrderIds(stream) {
  let created = 0;
  const create = () => {
    created++;
    return { id: randomUUID(), left: length[stream] };
  };
  const current = [];
  return {
    next(caller) {
      if (stream === "new") return undefined;
      const at = stream === "hot" ? 0 : caller;
      if (current[at] === undefined || current[at].left === 0) current[at] = create();
      current[at].left--;
      return current[at].id;
    },
    /** How many orders there are; undefined: one for each command. */
    created: () => (stream === "new" ? undefined : created),
  };
}
