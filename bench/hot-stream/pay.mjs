/**
 * Lets `callers` pay into one till for a while, each as soon as its last response arrives. Returns the successes per second,
 * the share of all payments that succeeded, and how long an answer took. Checks that no payment is lost or counted twice.
 */
export async function pay(contender, { callers, most = Number.POSITIVE_INFINITY }, milliseconds) {
  const tills = [];
  const latencies = [];
  let begun = 0;
  let inTime = 0;
  let failed = 0;
  // Opened before the time runs.
  tills[0] = await openTill(contender);
  const start = performance.now();
  const end = start + milliseconds;

  async function call() {
    while (performance.now() < end) {
      const number = Math.floor(begun++ / most);
      tills[number] ??= openTill(contender);
      const till = await tills[number];
      const asked = performance.now();
      try {
        till.answers.push(await contender.payIn(till.id, 1));
      } catch (error) {
        if (!contender.isConflict(error)) throw error;
        failed++;
        continue;
      }
      const now = performance.now();
      // Callers that still retry continue after the end, with fewer competitors: they do not count in the rate.
      if (now <= end) inTime++;
      latencies.push(now - asked);
    }
  }

  await Promise.all(Array.from({ length: callers }, call));
  const opened = await Promise.all(tills);
  for (const till of opened) await check(contender, till);
  const succeeded = latencies.length;
  latencies.sort((a, b) => a - b);
  return {
    rate: (inTime / milliseconds) * 1_000,
    succeeded: (succeeded / (succeeded + failed)) * 100,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? milliseconds,
  };
}

export const units = { rate: "payments/s", succeeded: "% succeeded", p99: "ms until answered, 99th percentile" };

/** With one payment in it: how a stream is begun is another question. */
async function openTill(contender) {
  const id = await contender.openTill();
  return { id, answers: [await contender.payIn(id, 1)] };
}

/** Checks that every acknowledged payment is stored once, and no refused one. */
async function check({ name, total }, { id, answers }) {
  const sum = await total(id);
  if (sum !== answers.length) throw new Error(`${name}: ${sum} in the till after ${answers.length} payments of 1`);
  answers.sort((a, b) => a - b);
  const wrong = answers.findIndex((answer, i) => answer !== i + 1);
  if (wrong >= 0) throw new Error(`${name}: ${answers[wrong]} was answered where ${wrong + 1} was to be`);
}
