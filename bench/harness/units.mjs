/** Whether more of a unit is better, as of rates; of times and CPU less is. */
export function isMoreBetter(unit) {
  return unit.endsWith("/s") || unit === "% succeeded";
}

/**
 * Whether a change of a unit's ratio says that something became slower: tails and resident memory differ from run to run
 * by more than any limit, and how busy a server was is neither good nor bad.
 */
export function isComparable(unit) {
  return !/99th|p99|resident|busy/.test(unit);
}
