import { catalogue, entryOf, type FindingCode, type Surface } from "../../check/findings/index.js";
import { explainAcceptance, explainSeverity } from "./acceptance.js";
import { createPage, fence, type Page, toSentence } from "./page.js";

/** What depends on a surface. Parts that need no earlier contract say so instead. */
const dependents: Readonly<Record<Exclude<Surface, "wire" | "graphql">, string>> = {
  events: "It concerns stored events",
  aggregates: "It concerns stored streams and states",
  commands: "It concerns callers, of all transports",
  sagas: "It concerns instances of sagas in flight",
  "read-models": "It concerns stored rows of read models",
  rest: "It concerns clients of REST",
  asyncapi: "It concerns subscribers of the channels in AsyncAPI documents",
  "personal-data": "It concerns personal fields that are stored",
  lock: "It compares the contract with potter.lock, and needs no other base",
  generated: "It compares the generated files with the contract, and needs no base",
  scaffold: "It compares your code with the contract, and needs no base",
  acceptances: "It concerns the file of accepted changes",
};

/** Changes that Potter's own rules report, by the texts of their catalogue. */
export function createFindingPages(): readonly Page[] {
  return (Object.keys(catalogue) as FindingCode[]).map((code) => {
    const { summary } = entryOf(code);
    return createPage(code, toSentence(summary), describeFinding(code));
  });
}

/** The paragraphs of a page below its summary. */
export function describeFinding(code: FindingCode): readonly (string | undefined)[] {
  const { surface, severity, example, message, effect, remedy } = entryOf(code);
  const [element, ...args] = example;
  const dependent = dependents[surface as keyof typeof dependents];
  const found = [
    `${severity} ${code}: ${message(...args)}`,
    `  element: ${element}`,
    `  effect: ${effect(...args)}`,
    `  remedy: ${remedy(...args)}`,
  ];
  return [
    `${dependent}. ${explainSeverity(severity)}`,
    `For example, \`potter check\` reports:\n\n${fence(found.join("\n"))}`,
    `What it means: ${effect(...args)}.`,
    `What to do: ${remedy(...args)}.`,
    surface === "acceptances" ? undefined : explainAcceptance(code, severity, element),
  ];
}
