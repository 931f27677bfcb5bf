// Updates as AIP-134 has them address an aggregate by the id in their resource: compiled, and called over REST and GraphQL.
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  compileProto,
  documentOf,
  emitCqrs,
  emitGraphQL,
  emitMessages,
  messageLibraries,
  Project,
} from "../../testing/index.js";

const proto = `syntax = "proto3";
package library.v1;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/protobuf/field_mask.proto";
import "potter/v1/options.proto";

service AuthorService {
  option (potter.v1.service) = {aggregate: "Author"};
  rpc CreateAuthor(CreateAuthorRequest) returns (CreateAuthorResponse) {
    option (potter.v1.command) = {creates: true emits: "AuthorChanged"};
    option (google.api.http) = {post: "/v1/authors" body: "author"};
  }
  rpc UpdateAuthor(UpdateAuthorRequest) returns (AuthorState) {
    option (potter.v1.command) = {creates: false emits: "AuthorChanged"};
    option (google.api.http) = {patch: "/v1/authors/{author.author_id}" body: "author"};
  }
}
message Author { option (potter.v1.aggregate) = {}; string author_id = 1; }
message AuthorState {
  string author_id = 1;
  string name = 2 [(buf.validate.field).string.min_len = 1];
  Place place = 3;
}
message Place {
  string city = 1 [(buf.validate.field).string.min_len = 1];
  string street = 2;
}
message CreateAuthorRequest {
  AuthorState author = 1 [(buf.validate.field).required = true];
  string author_id = 2;
}
message CreateAuthorResponse { string author_id = 1; }
message UpdateAuthorRequest {
  AuthorState author = 1 [(buf.validate.field).required = true];
  google.protobuf.FieldMask update_mask = 2;
}
message AuthorChanged { option (potter.v1.event) = {}; AuthorState author = 1; }
`;

const app = `import { createApp, mergeFields, rest } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { Author, AuthorService } from "./library_cqrs.js";
import { graphqlContract } from "./schema_graphql.js";

const codec = AuthorService.methods.updateAuthor.response;
const none = codec.create({});
const author = Author.decider({
  initial: () => none,
  decide: {
    createAuthor: (_state, { author }, ctx) =>
      author === undefined ? [] : Author.event.authorChanged({ author: codec.create({ ...author, authorId: ctx.id }) }),
    updateAuthor: (state, { author = none, updateMask }, ctx) => Author.event.authorChanged({
      author: codec.create({ ...mergeFields(codec, state, author, updateMask), authorId: ctx.id }),
    }),
  },
  evolve: { authorChanged: (state, { author }) => author ?? state },
  reply: { createAuthor: (state) => ({ authorId: state.authorId }), updateAuthor: (state) => state },
});
const app = createApp({ parts: [author], transports: [rest(), graphql({ modules: [graphqlContract] })] });

async function call(method: string, path: string, json: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const response = await app.fetch(new Request("http://app" + path, { method, headers, body: JSON.stringify(json) }));
  return { status: response.status, json: await response.json() };
}

export async function run(): Promise<unknown> {
  const place = { city: "London", street: "Markt" };
  const created = await call("POST", "/v1/authors?authorId=a", { name: "Ada", place });
  const masked = await call("PATCH", "/v1/authors/a?updateMask=place.city", { place: { city: "Jena" } });
  const implied = await call("PATCH", "/v1/authors/a", { name: "Ada L." });
  const unknown = await call("PATCH", "/v1/authors/b?updateMask=name", { name: "Bob" });
  const invalid = await call("PATCH", "/v1/authors/a?updateMask=name", { name: "" });
  const ask = (input: string) => call("POST", "/graphql", {
    query: "mutation { updateAuthor(input: { " + input + " }) { authorId name place { city street } } }",
  });
  const partial = await ask('author: { authorId: "a", place: { street: "Anger" } }, updateMask: "place.street"');
  const nameless = await ask('author: { authorId: "a" }, updateMask: "name"');
  const idless = await ask('author: { name: "x" }, updateMask: "name"');
  await app.stop();
  return { created, masked, implied, unknown, invalid, partial, nameless, idless };
}
`;

const request = compileProto({ "library.proto": proto });

describe.each(messageLibraries)("an update with the id in its resource, with messages=%s", (messages) => {
  let project: Project;
  let answers: Record<string, unknown>;

  beforeAll(async () => {
    const files: Record<string, string> = {
      ...emitMessages(request, messages),
      ...emitCqrs(request, messages),
      ...emitGraphQL(request),
      "app.ts": app,
    };
    project = new Project(files);
    const entryPoints = Object.keys(files).filter((path) => path.endsWith(".ts"));
    await build({
      entryPoints: entryPoints.map((path) => join(project.folder, path)),
      outdir: project.folder,
      outbase: project.folder,
      format: "esm",
      logLevel: "error",
    });
    project.write("main.mjs", `import { run } from "./app.js";\nconsole.log(JSON.stringify(await run()));\n`);
    const { stdout, stderr } = project.run("main.mjs");
    if (stdout === "") throw new Error(stderr);
    answers = JSON.parse(stdout) as Record<string, unknown>;
  });
  afterAll(() => project.remove());

  it("compiles", () => {
    expect(project.typeCheck()).toBe("");
  });

  it("reaches its aggregate over REST", () => {
    const place = { city: "Jena", street: "Markt" };
    expect(answers["created"]).toEqual({ status: 200, json: { authorId: "a" } });
    expect(answers["masked"]).toEqual({ status: 200, json: { authorId: "a", name: "Ada", place } });
    expect(answers["implied"]).toEqual({ status: 200, json: { authorId: "a", name: "Ada L.", place } });
    expect(answers["unknown"]).toMatchObject({ status: 404, json: { detail: "there is no Author b" } });
    expect(answers["invalid"]).toMatchObject({ status: 400, json: { code: "invalid_argument" } });
  });

  it("accepts a partial update over GraphQL, and validates given fields", () => {
    const place = { city: "Jena", street: "Anger" };
    expect(answers["partial"]).toMatchObject({
      json: { data: { updateAuthor: { authorId: "a", name: "Ada L.", place } } },
    });
    expect(answers["nameless"]).toMatchObject({ json: { errors: [{ extensions: { code: "INVALID_ARGUMENT" } }] } });
    expect(answers["idless"]).toMatchObject({
      json: {
        errors: [{ message: "UpdateAuthor needs the id of the Author", extensions: { code: "INVALID_ARGUMENT" } }],
      },
    });
  });
});

it("is a path parameter in OpenAPI", () => {
  const { paths = {} } = documentOf(request);
  const [path = ""] = Object.keys(paths).filter((one) => one.startsWith("/v1/authors/{"));
  const { patch } = paths[path] ?? {};
  const parameters = (patch?.parameters ?? []) as { name: string; in: string; required: boolean }[];
  const [id] = parameters.filter((parameter) => parameter.in === "path");
  expect(path).toBe(`/v1/authors/{${id?.name}}`);
  expect(id).toMatchObject({ required: true });
});
