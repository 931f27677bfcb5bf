// Runs sagas in simulated worlds with faults: npm run simulate -- --schedules 20000 [--seed 1] [--without GUARD]
import { parseArgs } from "node:util";
import { mutations, simulate } from "./simulate/index.mjs";

const usage = `npm run simulate -- [options]

  --schedules 20000   how many; each is one seed
  --seed 1            the first seed; with --schedules 1 it repeats one schedule
  --without <guard>   removes a guard, to see that the simulation notices: ${Object.keys(mutations).join(", ")}
`;
const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "20000" },
    seed: { type: "string", default: "1" },
    without: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const [schedules, seed] = [values.schedules, values.seed].map(Number);
const isKnown = values.without === undefined || Object.hasOwn(mutations, values.without);
if (!(Number.isSafeInteger(schedules) && schedules > 0 && Number.isSafeInteger(seed) && isKnown)) {
  console.error(usage);
  process.exit(2);
}
const began = Date.now();
const { failed, statuses, kinds, ...sums } = await simulate({ schedules, seed, mutation: values.without });
const perSchedule = ([name, count]) => [name, { count, "per schedule": Number((count / sums.schedules).toFixed(2)) }];
const { schedules: count, trace, ...others } = sums;
console.table(Object.fromEntries(Object.entries({ ...others, ...kinds, ...statuses }).map(perSchedule)));
console.log(`${count} schedules in ${(Date.now() - began) / 1000} s, trace ${trace}`);
if (failed !== undefined) {
  console.error(`seed ${failed.seed} fails:\n${failed.violations.map((one) => `  ${one}`).join("\n")}`);
  console.error("with these faults:");
  for (const { at, number, about } of failed.faults) console.error(`  ${at} ms  ${number}  ${about}`);
  process.exitCode = 1;
}
