// What the faults of schedules have in common, so that changes of the simulation do not thin them out unnoticed.

const kinds = [
  ["crashes", /^crash/],
  ["freezes", /^freeze/],
  ["repeated", /^(event repeated|started again|command doubled)/],
  ["never sent", /( not sent|^command lost|^never approved|^refused for now)/],
  ["answers lost", /answer lost/],
  ["late, so reordered", /^(slow|command late)/],
  ["demands of operators", /^operator/],
];

/** Adds the faults to the counts of their kinds. */
export function countFaults(faults, counts) {
  for (const { number } of faults) {
    const kind = kinds.find(([, pattern]) => pattern.test(number))?.[0] ?? "others";
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
}
