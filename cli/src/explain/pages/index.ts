// The pages of all codes and words that commands print: those of docs/diagnostics, and those that the catalogues of check and doctor
// carry.
import { createDoctorPages } from "./doctor-pages.js";
import { createFindingPages } from "./finding-pages.js";
import { readGeneratorPages } from "./generator-pages.js";
import { createGraphQLPages } from "./graphql-pages.js";
import { createPage, type Page } from "./page.js";
import { createScaffoldPages } from "./scaffold-pages.js";
import { createWirePages } from "./wire-pages.js";

export type { Page } from "./page.js";

/** All pages by their codes, in the order of the codes. */
export function readPages(): ReadonlyMap<string, Page> {
  const pages = [
    ...readGeneratorPages(),
    ...createFindingPages(),
    ...createWirePages(),
    ...createGraphQLPages(),
    ...createDoctorPages(),
    ...createScaffoldPages(),
    compile,
  ];
  return new Map(pages.sort((a, b) => (a.code < b.code ? -1 : 1)).map((page) => [page.code, page]));
}

const compile = createPage("compile", "The compiler buf refuses the contract.", [
  "The message is that of buf, with the place in the proto file. Nothing is generated or written until the contract compiles.",
  'For example:\n\n```\nproto/shop/orders.proto:12:3: error compile: syntax error: expected ";"\n```',
  "What to do: correct the line. A file that cannot be imported is in no module of buf.yaml: `npx potter doctor` looks at the modules. " +
    "The language is described at https://protobuf.dev/programming-guides/proto3/",
]);
