/** Whether more of a unit is better, as of rates; of times and CPU less is. */
export function isMoreBetter(unit) {
  return unit.endsWith("/s") || unit === "% succeeded";
}
