// The named points at which processes are killed or stopped, and what is delivered twice.

const committing = ["before the commit", "during the commit", "before the answer"];

/** What processes do, with the points of it. */
const operations = {
  start: committing,
  intent: committing,
  outcome: committing,
  "intent of a compensation": committing,
  "outcome of a compensation": committing,
  timer: committing,
  event: committing,
  takeover: committing,
  renewal: committing,
  "local step": committing,
  "local compensation": committing,
  "recorded command": committing,
  call: ["before the call", "after the effect"],
  "call of a compensation": ["before the call", "after the effect"],
};

/** `twice`: the same message, append or call again. */
export const faults = ["killed", "stopped", "twice"];

/** Each point with each fault, by name. */
export const cells = Object.entries(operations).flatMap(([operation, points]) => [
  ...points.flatMap((point) => ["killed", "stopped"].map((fault) => cellName(operation, point, fault))),
  cellName(operation, "delivery", "twice"),
]);

export function cellName(operation, point, fault) {
  return `${operation}, ${point}: ${fault}`;
}

/** What a transition is, as operations. */
export function operationsOf(was, is) {
  if (was === undefined) return ["start"];
  const found = new Set();
  const isReceived = ({ steps, row }) => steps.approve?.status === "done" || row.frozen.has("approve/event");
  if (isReceived(is) && !isReceived(was)) found.add("event");
  for (const [step, { status, timerAt, commands }] of Object.entries(is.steps)) {
    const before = was.steps[step];
    if (before?.status === "running" && status === "done" && timerAt !== undefined) found.add("timer");
    commands.forEach((command, element) => {
      const operation = operationOf(before?.commands[element] ?? { status: "idle" }, command);
      if (operation !== undefined) found.add(operation);
    });
  }
  return [...found];
}

function operationOf(was, is) {
  const isBegun = is.status === "sent" || is.status === "undoing";
  if (isBegun && was.status === is.status) {
    if (was.epoch !== is.epoch) return "takeover";
    return was.lease === is.lease ? undefined : "renewal";
  }
  if (isBegun) return is.status === "sent" ? "intent" : "intent of a compensation";
  if (was.status === "sent") return "outcome";
  return was.status === "undoing" ? "outcome of a compensation" : undefined;
}

/** What an append is: events of accounts that a saga has commanded. */
export function operationsOfEvents(events) {
  const own = events.filter(({ definition }) => definition.type === "sim.Moved").map(({ data }) => data);
  return [
    ...new Set(
      own.map(({ step, phase }) =>
        step === "credit" ? "recorded command" : phase === "do" ? "local step" : "local compensation",
      ),
    ),
  ];
}
