// Runs the sagas in memory and shows what they do, then ends.
//   npm run demo:sagas             all of them
//   npm run demo:sagas -- travel   one of them
import { runLending } from "./lending/demo.js";
import { runPurchasing } from "./purchasing/demo.js";
import { runTravel } from "./travel/demo.js";

const demos: ReadonlyMap<string, (print: (line: string) => void) => Promise<void>> = new Map([
  ["travel", runTravel],
  ["purchasing", runPurchasing],
  ["lending", runLending],
]);

const names = process.argv.length > 2 ? process.argv.slice(2) : [...demos.keys()];
for (const name of names) {
  const run = demos.get(name);
  if (run === undefined) {
    console.error(`There is no example ${name}: expected ${[...demos.keys()].join(", ")}`);
    process.exitCode = 1;
    break;
  }
  console.log(`\n=== ${name}`);
  await run(console.log);
}
