import { judged } from "./judged.mjs";
import { describe } from "./results.mjs";
import { printTable, showRatio } from "./tables.mjs";
import { isMoreBetter } from "./units.mjs";

/** What two runs on the same machine may differ by. */
const noise = 0.15;

/**
 * Prints each row's ratio beside the recorded one. Returns the losses: rows of Potter whose ratio became worse by more
 * than noise, in a unit that is judged. Rows of other contenders are shown to tell a change of Potter from one of the machine.
 */
export function compareWithRecorded({ name, rows, recorded }) {
  if (recorded === undefined) {
    console.log(`${name}: nothing is recorded to compare with.\n`);
    return [];
  }
  const keyOf = ({ work, contender, unit }) => JSON.stringify([work, contender, unit]);
  const before = new Map(recorded.rows.map((row) => [keyOf(row), row]));
  const compared = rows
    .filter((row) => row.ratio !== 1 || !row.contender.endsWith("(floor)"))
    .map((row) => judge(row, before.get(keyOf(row)), judged[name]));
  const lines = compared.map(({ row, old, gain, isLoss }) => [
    `${row.work}, ${row.unit}`,
    row.contender,
    old === undefined ? "new" : showRatio(old.ratio),
    showRatio(row.ratio),
    gain === undefined ? "" : `${gain < 0 ? "" : "+"}${Math.round(gain * 100)} %${isLoss ? " LOSS" : ""}`,
  ]);
  console.log(`${name}: ratios compared with ${describe(recorded)}\n`);
  console.log(`${printTable(["work", "contender", "recorded", "now", "better by"], lines)}\n`);
  return compared
    .filter(({ isLoss }) => isLoss)
    .map(({ row }) => `${name}: ${row.work}, ${row.contender}, ${row.unit}`);
}

/** Lists the losses of all benchmarks. Returns the exit code: 1 if there are any. */
export function reportLosses(losses) {
  if (losses.length === 0) return 0;
  console.log(`Worse than recorded, beyond noise:\n${losses.map((row) => `- ${row}`).join("\n")}`);
  return 1;
}

/** `gain`: by which part it became better; -0.2 is a loss of a fifth, of rates as of times. */
function judge(row, old, units) {
  if (old === undefined || old.ratio === 0 || row.ratio === 0) return { row, old, isLoss: false };
  const gain = (isMoreBetter(row.unit) ? row.ratio / old.ratio : old.ratio / row.ratio) - 1;
  const isLoss = gain < -noise && units.includes(row.unit) && /potter/i.test(row.contender);
  return { row, old, gain, isLoss };
}
