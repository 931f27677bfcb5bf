import type { Choices } from "../choices/index.js";

/** Prints src/app.ts: the parts of the service, its store, and how it is called. */
export function printApp({ targets, store }: Choices): string {
  const hasGraphql = targets.includes("graphql");
  const hasSaga = targets.includes("saga");
  const imports = [
    `import { createApp, ${store === "memory" ? "memory, " : ""}rest, waits } from "@potter/runtime";`,
    ...(hasGraphql ? [`import { graphql } from "@potter/runtime/graphql";`] : []),
    `import { consoleLogger } from "@potter/runtime/node";`,
    ...(store === "memory" ? [] : [`import { ${store} } from "@potter/runtime/${store}";`]),
    `import { rpc } from "@potter/runtime/rpc";`,
    ...(hasGraphql ? [`import { graphqlContract } from "../gen/schema_graphql.js";`] : []),
    `import { book, bookQueries, bookViews } from "./books.js";`,
    ...(hasSaga ? [`import { loan, memberCommands } from "./loans.js";`] : []),
  ];
  const parts = ["book", "bookViews", "bookQueries", ...(hasSaga ? ["loan", "memberCommands"] : [])];
  const transports = ["rest()", "rpc()", ...(hasGraphql ? ["graphql({ modules: [graphqlContract] })"] : [])];
  return `${imports.join("\n")}

export const app = createApp({
  store: ${printStore[store]},
  parts: [${parts.join(", ")}],
  transports: [${transports.join(", ")}],
  // A caller can wait until the read models include its command.
  waits: waits(),
  // What no caller sees, such as an event that a projection cannot apply, is only in the log.
  logger: consoleLogger({ level: "warn" }),
});
`;
}

const printStore: Readonly<Record<Choices["store"], string>> = {
  pglite: `pglite(process.env.DATA ?? "./data")`,
  postgres: `postgres(process.env.DATABASE_URL ?? "postgres://potter:potter@127.0.0.1:5432/potter")`,
  memory: "memory()",
};
