import { median } from "./rounds.mjs";
import { isMoreBetter } from "./units.mjs";

/**
 * The rows of one work. `floor` names the contender that all others are put in relation to: the least that
 * hand-written code can do. The ratio is median / floor's median, so what is better depends on the unit.
 * `samples`: contender → values of the rounds.
 */
export function toRows({ work, unit, floor, samples }) {
  const medians = [...samples].map(([contender, values]) => ({
    contender: contender.name,
    median: median(values),
    values,
  }));
  const base = medians.find((row) => row.contender === floor);
  if (base === undefined) throw new Error(`${work}: the floor "${floor}" was not measured`);
  const better = isMoreBetter(unit) ? -1 : 1;
  return medians
    .map(({ contender, median, values }) => ({
      work,
      contender,
      median: round(median),
      unit,
      ratio: base.median === 0 ? 1 : round(median / base.median),
      min: round(Math.min(...values)),
      max: round(Math.max(...values)),
    }))
    .sort((a, b) => better * (a.median - b.median));
}

/** The rows of one work in several units. `units`: the name of a measurement → its unit. */
export function toRowsOfUnits({ work, units, floor, samples }) {
  return Object.entries(units).flatMap(([figure, unit]) =>
    toRows({ work, unit, floor, samples: new Map([...samples].map(([contender, of]) => [contender, of[figure]])) }),
  );
}

/** Four significant digits: more would pretend to an exactness that no shared machine has. */
function round(value) {
  return Number(value.toPrecision(4));
}
