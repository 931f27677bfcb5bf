// Runs the generated GraphQL modules with both message libraries.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  emitCqrs,
  emitGraphQL,
  emitMessages,
  messageLibraries,
  Project,
  requestScenario,
  root,
} from "../../testing/index.js";

/** The bindings of the modules of all services, next to those of the module of their file. */
const parts = `import { createGraphQLSchema } from "@potter/runtime/graphql";
import { graphqlContract as whole } from "./fixture/library/v1/library_graphql.js";
import { graphqlContract as library } from "./fixture/library/v1/LibraryService_graphql.js";
import { graphqlContract as echo } from "./fixture/library/v1/EchoService_graphql.js";

const host = { dispatch: () => Promise.reject(new Error("nothing is called")) };
export const bound = [[whole], [library, echo], [echo, library]].map((modules) =>
  Object.entries(createGraphQLSchema(host, { modules }).resolvers)
    .flatMap(([type, fields]) => Object.keys(fields).map((field) => \`\${type}.\${field}\`))
    .sort(),
);
`;

type Answers = Readonly<Record<string, unknown>>;

describe.each(messageLibraries)("with messages=%s", (messages) => {
  let project: Project;
  let answers: Answers;
  let bound: string[][];

  beforeAll(async () => {
    const request = requestScenario("graphql-options");
    const files: Record<string, string> = {
      ...emitMessages(request, messages),
      ...emitCqrs(request, messages),
      ...emitGraphQL(request, { output: "file" }),
      ...emitGraphQL(request, { output: "service" }),
      "parts.ts": parts,
      "app.ts": readFileSync(join(root, "fixtures/graphql-options/app.ts"), "utf8"),
    };
    project = new Project(files);
    const entryPoints = Object.keys(files)
      .filter((path) => path.endsWith(".ts"))
      .map((path) => join(project.folder, path));
    await build({ entryPoints, outdir: project.folder, outbase: project.folder, format: "esm", logLevel: "error" });
    project.write("main.mjs", `import { run } from "./app.js";\nconsole.log(JSON.stringify(await run()));\n`);
    const { stdout, stderr } = project.run("main.mjs");
    if (stdout === "") throw new Error(stderr);
    answers = JSON.parse(stdout) as Answers;
    project.write("bound.mjs", `import { bound } from "./parts.js";\nconsole.log(JSON.stringify(bound));\n`);
    bound = JSON.parse(project.run("bound.mjs").stdout) as string[][];
  });
  afterAll(() => project.remove());

  test("the code of users compiles", () => {
    expect(project.typeCheck()).toBe("");
  });

  test("the modules of the services together have the bindings of the module of their file", () => {
    const [whole, ...others] = bound;
    expect(whole?.length).toBeGreaterThan(50);
    expect(others).toEqual([whole, whole]);
  });

  test("a value of every kind is returned as sent, or as its default if unset", () => {
    const given = { ...(answers["given"] as object), maybeGenre: null, onlyOut: "" };
    const { picked, must, ...echoed } = (answers["echoed"] as { data: { echoSendEverything: Record<string, unknown> } })
      .data.echoSendEverything;
    expect({ ...echoed, picked: asGiven(picked), must }).toEqual(given);
    expect((picked as { __typename: string }).__typename).toBe("PickOtherPart");
    expect(answers["none"]).toEqual({
      data: { echoEverything: { maybe: null, at: null, wrapped: null, picked: null, parts: [], bigs: [] } },
    });
  });

  test("each member of a oneof is returned as its type", () => {
    expect(
      (answers["picks"] as { data: { echoEverything: { picked: unknown } } }[]).map(
        ({ data }) => data.echoEverything.picked,
      ),
    ).toEqual([
      { __typename: "PickPickedText", pickedText: "t" },
      { __typename: "EverythingPart", text: "p" },
      { __typename: "PickPickedGenre", pickedGenre: "NOVEL" },
      { __typename: "PickPickedTime", pickedTime: "2026-01-01T00:00:00Z" },
      { __typename: "PickPickedBig", pickedBig: "9007199254740993" },
    ]);
  });

  test("invalid operations are rejected before any handler runs", () => {
    expect(answers["wrong"]).toEqual([
      "Int64 must be an integer from -9223372036854775808 to 9223372036854775807, as a string or a safe integer",
      "UInt32 must be an integer from 0 to 4294967295",
      "Bytes must be a base64 string",
      "DateTime must be an RFC 3339 time from year 1 to 9999",
      "the request is not a valid Everything",
      "by_truth must not repeat a key",
      'Value "POEM" does not exist in "Kind" enum.',
      'Exactly one key must be specified for OneOf type "PickInput".',
      'Exactly one key must be specified for OneOf type "EverythingGivenMustInput".',
    ]);
    expect(answers["badCursor"]).toMatchObject({
      data: { books: null },
      errors: [{ path: ["books"], extensions: { code: "INVALID_ARGUMENT" } }],
    });
  });

  test("a field that fails does not affect the others", () => {
    expect(answers["read"]).toEqual({
      data: {
        a: { title: "Emma", kind: "", author: { name: "AUSTEN" } },
        b: null,
        titles: ["Emma", "Ivanhoe", "Middlemarch", "Persuasion", "Waverley"],
        getTime: "2026-01-01T00:00:00Z",
        bookPage: { nextPageToken: "1" },
      },
      errors: [
        {
          message: "GetBook found nothing",
          path: ["b"],
          locations: [expect.any(Object)],
          extensions: { code: "NOT_FOUND" },
        },
      ],
    });
  });

  test("entities in a list are loaded in as few calls as the contract allows, and matched by key", () => {
    expect(answers["nested"]).toEqual({
      data: {
        books: {
          nodes: [
            { title: "Emma", author: { name: "AUSTEN" }, shelf: { room: "north" }, shelfNumber: "s0" },
            { title: "Ivanhoe", author: { name: "SCOTT" }, shelf: null, shelfNumber: "s1" },
            { title: "Middlemarch", author: null, shelf: { room: "north" }, shelfNumber: "s0" },
          ],
          totalSize: "5",
        },
      },
    });
    // Three authors in batches of two; two shelves of three books, one at a time.
    expect(answers["nestedCalls"]).toEqual([
      "books 3 ",
      "authors austen,scott",
      "authors eliot",
      "shelf s0",
      "shelf s1",
    ]);
  });

  test("a query handler receives the requested fields", () => {
    expect(answers["masks"]).toEqual([
      ["isbn", "shelf", "author_id", "title"],
      ["next_page_token", "total_size", "books.title"],
      // Empty edges require the items even if the query selects none of their fields.
      ["next_page_token", "books"],
      ["next_page_token", "books.isbn"],
      [],
    ]);
  });

  test("a connection can be read by pages, and from any cursor", () => {
    expect(answers["pages"]).toEqual([
      ["i0,i1", false, "i1"],
      ["i2,i3", true, "i3"],
      ["i4", true, null],
    ]);
  });

  test("other subgraphs resolve entities by key, those of one type in as few calls as possible", () => {
    const { data } = answers["entities"] as { data: { _entities: unknown; _service: { sdl: string } } };
    expect(data._entities).toEqual([
      { __typename: "Writer", name: "SCOTT" },
      { __typename: "Book", title: "Middlemarch" },
      null,
      { __typename: "Writer", name: "AUSTEN" },
    ]);
    expect(data._service.sdl).toContain('type Writer @key(fields: "authorId") {');
    expect(answers["entityCalls"]).toEqual(["authors scott,eliot", "authors austen", "book i2"]);
    expect(answers["notEntities"]).toMatchObject({
      data: { _entities: [null, null] },
      errors: [{ message: "Book cannot be found by title" }, { message: "there is no entity Nothing" }],
    });
  });

  test("an update changes the fields that are given, including null, unless it has an explicit mask", () => {
    const changed = (mask: string) => ({ data: { echoUpdateBook: { changed: mask } } });
    expect(answers["updated"]).toEqual([changed("title,authorId,shelf"), changed("genre"), changed("")]);
  });

  test("each mutation of an operation has its own command id, even within a fragment", () => {
    expect(answers["ids"]).toEqual(["k", "k a", "k b"]);
  });

  test("server streams and events are delivered from now, from the first, from a position, or for one aggregate", () => {
    expect(answers["streamed"]).toEqual([
      { data: { echoEverything: { big: "5" } } },
      { data: { echoEverything: { big: "0" } } },
    ]);
    const lent = (loanId: string, position: string, isbn: string) => ({
      data: { loanEvents: { position, loanId, version: 1, event: { __typename: "BookLent", isbn } } },
    });
    const returned = {
      data: {
        loanEvents: { position: "2", loanId: "l1", version: 2, event: { __typename: "BookReturned", damaged: true } },
      },
    };
    expect(answers["followed"]).toEqual({
      fromNow: [returned],
      fromFirst: [lent("l1", "1", "i1"), returned],
      afterOne: [returned],
      ofOne: [lent("l2", "3", "i2")],
    });
    expect(answers["refused"]).toMatchObject({
      errors: [
        {
          message: "book is out",
          extensions: {
            code: "FAILED_PRECONDITION",
            type: "urn:proto:fixture.library.v1.BookIsOut",
            error: { "@type": "fixture.library.v1.BookIsOut", loanId: "l2" },
          },
        },
      ],
    });
  });
});

/** The response to a choice, as it was sent. */
function asGiven(answered: unknown): unknown {
  const { __typename, ...given } = answered as Record<string, unknown>;
  return given;
}
