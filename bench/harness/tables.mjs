const maxOfTables = 4;

/**
 * The rows as tables in Markdown: of a few works a table each, with a column for each unit; of many works a table for
 * each unit, with a column for each contender. Floors first, then Potter. Works with different floors have different
 * contenders: they share no table.
 */
export function toTables(rows) {
  const works = unique(rows, "work");
  const tables =
    works.length > maxOfTables
      ? unique(rows, "unit").map((unit) => toUnitTable(unit, select(rows, { unit })))
      : works.map((work) => toWorkTable(work, select(rows, { work })));
  return tables.join("\n\n");
}

/** A line for each contender: the median of each unit, and its ratio to the floor's in parentheses. */
function toWorkTable(work, rows) {
  const units = unique(rows, "unit");
  const lines = unique(rows, "contender").map((contender) => [
    contender,
    ...units.map((unit) => showBoth(select(rows, { contender, unit })[0])),
  ]);
  return `### ${work}\n\n${printTable(["contender", ...units], lines)}`;
}

/** A line for each work: the median of the floor, and of the others the ratio to it. A table for each floor. */
function toUnitTable(unit, rows) {
  const floorOf = new Map(rows.filter(({ contender }) => isFloor(contender)).map((row) => [row.work, row.contender]));
  const floors = [...new Set(rows.map(({ work }) => floorOf.get(work)))];
  const tables = floors.map((floor) => printWorks(rows.filter(({ work }) => floorOf.get(work) === floor)));
  return [`### ${unit}`, ...tables].join("\n\n");
}

function printWorks(rows) {
  const contenders = unique(rows, "contender").sort((a, b) => rank(a) - rank(b));
  const lines = unique(rows, "work").map((work) => [
    work,
    ...contenders.map((contender) => {
      const [row] = select(rows, { work, contender });
      return row === undefined ? "" : isFloor(contender) ? show(row.median) : showRatio(row.ratio);
    }),
  ]);
  return printTable(["work", ...contenders], lines);
}

/** The first column to the left, the others to the right, padded as the formatter pads tables. */
export function printTable(head, lines) {
  const cells = [head, ...lines];
  const widths = head.map((_, column) => Math.max(3, ...cells.map((line) => line[column].length)));
  const print = (line) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [print(head), print(rule), ...lines.map(print)].join("\n");
}

export function show(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 2 : 0 });
}

export function showRatio(ratio) {
  return ratio < 0.1 ? ratio.toFixed(3) : ratio.toFixed(2);
}

function showBoth(row) {
  if (row === undefined) return "";
  return isFloor(row.contender) ? show(row.median) : `${show(row.median)} (${showRatio(row.ratio)})`;
}

function rank(contender) {
  return isFloor(contender) ? 0 : /potter/i.test(contender) ? 1 : 2;
}

/** All floors are named so. */
function isFloor(contender) {
  return contender.endsWith("(floor)");
}

function unique(rows, key) {
  return [...new Set(rows.map((row) => row[key]))];
}

function select(rows, wanted) {
  return rows.filter((row) => Object.entries(wanted).every(([key, value]) => row[key] === value));
}
