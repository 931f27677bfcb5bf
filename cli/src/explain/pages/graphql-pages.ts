import { describeGraphQLChange, graphqlChanges, graphqlCode } from "../../check/findings/index.js";
import { explainAcceptance } from "./acceptance.js";
import { createPage, type Page } from "./page.js";

/** Changes of the GraphQL schema that graphql-inspector reports. */
export function createGraphQLPages(): readonly Page[] {
  return graphqlChanges.map((change) => {
    const code = graphqlCode(change);
    return createPage(code, `Of the GraphQL schema: ${describeGraphQLChange(change)}.`, [
      `It concerns clients of the schema. GraphQL Inspector calls it ${change}, and decides how bad it is by what was changed: ` +
        "https://the-guild.dev/graphql/inspector",
      [
        "What it means:\n",
        "- breaking: operations of existing clients fail validation, or their results change type",
        "- dangerous: they stay valid, and can receive what they do not expect",
        "- compatible: they stay valid; it fails no run",
      ].join("\n"),
      "What to do: restore it in the contract, and deprecate what clients should no longer use. A name of the schema stays with an " +
        "option such as (potter.v1.graphql_field).name, whatever the element is called; potter.lock keeps it.",
      explainAcceptance(code, "breaking", "Order.note"),
    ]);
  });
}
