/**
 * Keeps `atOnce` callers busy for a while, each with `call(caller, n)`. Returns operations, operations per second and the
 * CPU microseconds of this process per operation.
 */
export async function keepBusy(atOnce, milliseconds, call) {
  let operations = 0;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const end = start + milliseconds;
  await Promise.all(
    Array.from({ length: atOnce }, async (_, caller) => {
      for (let n = 0; performance.now() < end; n++) {
        await call(caller, n);
        operations++;
      }
    }),
  );
  const spent = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { operations, figures: { rate: (operations / spent) * 1_000, cpu: (user + system) / operations } };
}

export const units = { rate: "ops/s", cpu: "Node CPU µs/op" };
