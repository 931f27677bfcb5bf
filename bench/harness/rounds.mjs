/** The middle value; of an even number, the mean of the two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures each contender once a round, in a new order each round, so that a machine that slows down or heats up
 * does so for all of them. `measure(contender, round)` returns the measurements of one slice, by name.
 * Returns the measurements of each contender: name → one value per round.
 */
export async function measureRounds({ contenders, rounds, measure }) {
  const samples = new Map(contenders.map((contender) => [contender, {}]));
  for (let round = 0; round < rounds; round++) {
    for (const contender of shuffle(contenders)) {
      const figures = await measure(contender, round);
      for (const [name, value] of Object.entries(figures)) {
        if (!Number.isFinite(value)) throw new Error(`${contender.name}: ${name} is ${value}, not a number`);
        samples.get(contender)[name] ??= [];
        samples.get(contender)[name].push(value);
      }
    }
  }
  return samples;
}

function shuffle(items) {
  const left = [...items];
  const out = [];
  while (left.length > 0) out.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return out;
}
