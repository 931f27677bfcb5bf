import { declarationMethods } from "./expected.js";

/** What text a file has that may concern definitions of the contract. Nothing is parsed for it. */
export interface Candidates {
  /** Whether a file may declare behaviour, or list what an app leaves out. */
  mayDeclare(text: string): boolean;
  /** Whether a file may use one of these definitions. */
  mayUse(text: string, names: ReadonlySet<string>): boolean;
}

/** `Order.decider`, `Order["decider"]`, also on the next line and after a comment. */
const method = new RegExp(`(?:\\.|\\*/|\\[\\s*["'\`]|^)\\s*(?:${declarationMethods.join("|")})\\b`, "m");
const leftOut = /\bunimplemented\b/;
/** The name of a module that may be generated no longer. */
const moduleName = /_(?:cqrs|saga)\b/;

/** Prepares the search for the definitions of generated modules. */
export function createCandidates(modules: ReadonlyMap<string, ReadonlySet<string>>): Candidates {
  const words = wordsOf(
    new Set([...modules].flatMap(([module, names]) => [module.slice(module.lastIndexOf("/") + 1), ...names])),
  );
  return {
    mayDeclare: (text) => (method.test(text) || leftOut.test(text)) && (moduleName.test(text) || words.test(text)),
    mayUse: (text, names) => wordsOf(names).test(text),
  };
}

function wordsOf(names: ReadonlySet<string>): RegExp {
  const escaped = [...names].map((name) => name.replaceAll(/[^\w]/g, "\\$&"));
  return escaped.length === 0 ? /(?!)/ : new RegExp(`\\b(?:${escaped.join("|")})\\b`);
}
