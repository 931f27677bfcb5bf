/** The middle value; of an even number, the mean of the two. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures each contender once a round, in a new order each round, so that a machine that slows down or heats up
 * does so for all of them. `measure(contender, round)` returns the measurements of one slice, by name. `onStep` is
 * called before each; `hasTimeFor(round)` says whether another round may begin; `atOnce`: contenders side by side.
 * Returns the measurements of each contender: name → one value per round.
 */
export async function measureRounds({ contenders, rounds, measure, onStep, hasTimeFor, atOnce }) {
  const samples = new Map(contenders.map((contender) => [contender, {}]));
  let steps = 0;
  for (let round = 0; round < rounds && hasTimeFor(round); round++) {
    const waiting = shuffle(contenders);
    const measureNext = async () => {
      const contender = waiting.shift();
      if (contender === undefined) return;
      onStep({ contender, round, share: steps++ / (rounds * contenders.length) });
      const figures = await measure(contender, round);
      for (const [name, value] of Object.entries(figures)) {
        if (!Number.isFinite(value)) throw new Error(`${contender.name}: ${name} is ${value}, not a number`);
        samples.get(contender)[name] ??= [];
        samples.get(contender)[name].push(value);
      }
      await measureNext();
    };
    await Promise.all(Array.from({ length: atOnce }, measureNext));
  }
  return samples;
}

function shuffle(items) {
  const left = [...items];
  const out = [];
  while (left.length > 0) out.push(...left.splice(Math.floor(Math.random() * left.length), 1));
  return out;
}
