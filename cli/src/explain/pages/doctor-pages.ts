import { type Explanation, explanations } from "../../doctor/findings/index.js";
import { createPage, fence, type Page, toSentence } from "./page.js";

/** The checks of `potter doctor`, whose names stand in its report. */
export function createDoctorPages(): readonly Page[] {
  return Object.entries<Explanation>(explanations).map(([name, { finds, reason, example }]) => {
    const [status, message, remedy] = example;
    const lines = [`${status.padEnd(7)}  ${name}  ${message}`, `${" ".repeat(name.length + 11)}→ ${remedy}`];
    return createPage(name, `This check of potter doctor finds ${finds}.`, [
      `Why: ${toSentence(reason)}`,
      `For example, \`potter doctor --only ${name}\` reports:\n\n${fence(lines.join("\n"))}`,
      "What to do: what follows the arrow. `error`: something cannot work. `warning`: something works less well, and the run succeeds. " +
        "Potter changes nothing here.",
    ]);
  });
}
