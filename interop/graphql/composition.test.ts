// Three independent composers compose the subgraphs that Potter generates.
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { emitGraphQL, requestScenario, scenarios } from "../../generator/dist/testing/index.js";
import { composers, type Subgraph } from "./compose.js";

// The module instances that Node resolves for both.
const require = createRequire(import.meta.url);
const { buildSubgraphSchema } = require("@apollo/subgraph") as typeof import("@apollo/subgraph");
const { graphql, parse } = require("graphql") as typeof import("graphql");

function write(scenario: string, federation: string): Subgraph {
  return { name: scenario, sdl: emitGraphQL(requestScenario(scenario), { federation })["schema.graphql"] ?? "" };
}

const library = write("graphql-options", "auto");
const notes = write("unannotated", "on");

/** A subgraph of another team, written by hand: it extends entities of the library and refers to others. */
const reviews: Subgraph = {
  name: "reviews",
  sdl: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

type Query {
  reviews(first: Int, after: String): ReviewsConnection!
}

type ReviewsConnection {
  nodes: [Review!]!
  pageInfo: PageInfo!
}

type PageInfo @shareable {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}

type Review {
  text: String!
  book: Book!
  by: Writer!
}

type Book @key(fields: "isbn") {
  isbn: ID!
  reviews: [Review!]!
}

type Writer @key(fields: "authorId", resolvable: false) {
  authorId: ID!
}
`,
};

describe.each(Object.entries(composers))("%s", (_, compose) => {
  it.each(scenarios)("composes %s alone", (scenario) => {
    expect(compose([write(scenario, "on")])).toEqual([]);
  });

  it("composes the library with a hand-written subgraph and with a generated one", () => {
    expect(compose([library, reviews])).toEqual([]);
    expect(compose([library, reviews, notes])).toEqual([]);
  });

  it("rejects a subgraph that defines fields that are not shared", () => {
    const claiming = {
      name: "claiming",
      sdl: reviews.sdl
        .replace("isbn: ID!\n", "isbn: ID!\n  author: Writer\n")
        .replace(
          'type Writer @key(fields: "authorId", resolvable: false) {',
          'type Writer @key(fields: "authorId") {\n  lost: Absent',
        ),
    };
    expect(compose([library, claiming])).not.toEqual([]);
  });
});

it("Apollo's own subgraph library accepts the schema, with entity resolvers in its form", async () => {
  const resolvers = {
    Writer: {
      __resolveReference: ({ authorId }: { readonly authorId: string }) => ({ authorId, name: authorId.toUpperCase() }),
    },
  };
  const schema = buildSubgraphSchema({ typeDefs: parse(library.sdl), resolvers: resolvers as never });
  const source = `{ _entities(representations: [{ __typename: "Writer", authorId: "austen" }]) { ... on Writer { name } } }`;
  const { data, errors } = await graphql({ schema, source });
  expect(errors).toBeUndefined();
  expect(JSON.parse(JSON.stringify(data))).toEqual({ _entities: [{ name: "AUSTEN" }] });
});
