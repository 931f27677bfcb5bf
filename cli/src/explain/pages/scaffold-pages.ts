import { entryOf, type FindingCode } from "../../check/findings/index.js";
import type { ScaffoldGap } from "../../scaffold/index.js";
import { describeFinding } from "./finding-pages.js";
import { createPage, type Page, toSentence } from "./page.js";

/** The words with which the scaffold reports what it leaves to people, and the code of `potter check` for the same. */
const words: Readonly<Record<Exclude<ScaffoldGap["kind"], "missing" | "undeclared">, FindingCode>> = {
  lost: "scaffold-lost",
  hidden: "scaffold-hidden",
  unclear: "scaffold-unclear",
  unlisted: "scaffold-unlisted",
  unreadable: "scaffold-unreadable",
};

/** The words of the reports of `potter scaffold`, `generate`, `watch` and `migrate`. */
export function createScaffoldPages(): readonly Page[] {
  return [
    ...Object.entries(words).map(([word, code]) =>
      createPage(word, toSentence(entryOf(code).summary), [
        `\`potter scaffold\`, \`generate\` and \`watch\` print \`${word}\` with its place; \`potter check\` calls the same \`${code}\`.`,
        ...describeFinding(code),
      ]),
    ),
    createPage("refused", "A change of your files was not made; what to paste follows.", [
      "`potter scaffold`, `generate` and `watch` refuse an insertion after which the file would not parse, or would say something else " +
        "in another place; `potter migrate` one after which the contract would say something else. All of them refuse a write that the " +
        "system does not permit. Nothing is lost: the file is as it was.",
      "For example:\n\n```\nsrc/order.ts: refused: Order.decide.shipOrder not inserted: no permission to write in this folder\n```",
      "What to do: remove what the message names and run the command again, or paste the lines below the message where it says.",
    ]),
  ];
}
