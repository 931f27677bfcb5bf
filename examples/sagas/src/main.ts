// Runs the sagas in memory and shows what they do, then ends.
//   npm run demo:sagas             all of them
//   npm run demo:sagas -- travel   one of them
import { runLending } from "./lending/demo.js";
import { runPurchasing } from "./purchasing/demo.js";
import { runTravel } from "./travel/demo.js";

const demos: Readonly<Record<string, (print: (line: string) => void) => Promise<void>>> = {
  travel: runTravel,
  purchasing: runPurchasing,
  lending: runLending,
};

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(demos);
for (const name of names) {
  const run = demos[name];
  if (run === undefined) throw new Error(`there is no demo ${name}: expected ${Object.keys(demos).join(", ")}`);
  console.log(`\n=== ${name}`);
  await run(console.log);
}
