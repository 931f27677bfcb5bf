import { median } from "./rounds.mjs";

/**
 * The rows of one work. `floor` names the contender that all others are put in relation to: the least that
 * hand-written code can do. The ratio is median / floor's median, so what is better depends on the unit.
 */
export function toRows({ work, unit, floor, samples }) {
  const medians = [...samples].map(([contender, values]) => ({
    contender: contender.name,
    median: median(values),
    values,
  }));
  const base = medians.find((row) => row.contender === floor);
  if (base === undefined) throw new Error(`${work}: the floor "${floor}" was not measured`);
  const better = unit.endsWith("/s") || unit === "% succeeded" ? -1 : 1;
  return medians
    .map(({ contender, median, values }) => ({
      work,
      contender,
      median: round(median),
      unit,
      ratio: round(median / base.median),
      min: round(Math.min(...values)),
      max: round(Math.max(...values)),
    }))
    .sort((a, b) => better * (a.median - b.median));
}

/** The rows as tables in Markdown, one for each work and unit. */
export function toTables(rows) {
  const works = groupBy(rows);
  return [...works].map(([title, of]) => [`### ${title}`, "", ...toTable(of)].join("\n")).join("\n\n");
}

function groupBy(rows) {
  const groups = new Map();
  for (const row of rows) {
    const title = `${row.work}, ${row.unit}`;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return groups;
}

function toTable(rows) {
  const cells = [
    ["contender", "median", "min..max", "ratio"],
    ...rows.map((row) => [row.contender, show(row.median), `${show(row.min)}..${show(row.max)}`, row.ratio.toFixed(3)]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  const print = (line) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [print(cells[0]), rule, ...cells.slice(1).map(print)];
}

function show(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 2 : 0 });
}

/** Four significant digits: more would pretend to an exactness that no shared machine has. */
function round(value) {
  return Number(value.toPrecision(4));
}
