// A project of a user, for tests of installed packages. Imports nothing, since tests/install.test.ts uses it too.

/** A contract with one aggregate. */
export const proto = `syntax = "proto3";

package bank.v1;

import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "potter/v1/options.proto";

service AccountService {
  option (potter.v1.service) = {aggregate: "Account"};

  rpc OpenAccount(OpenAccountRequest) returns (OpenAccountResponse) {
    option (potter.v1.command) = {creates: true emits: "AccountOpened"};
    option (google.api.http) = {post: "/v1/accounts" body: "*"};
  }
}

message OpenAccountRequest {
  string account_id = 1 [(potter.v1.field).id = true];
  string owner = 2 [(buf.validate.field).string.min_len = 1];
}
message OpenAccountResponse {}
message Account {
  option (potter.v1.aggregate) = {};
  string account_id = 1 [(potter.v1.field).id = true];
}
message AccountOpened {
  option (potter.v1.event) = {};
  string owner = 1;
}
`;

/** The imports of a user's code, and the behaviour of the aggregate. */
export const account = `import { createApp, memory } from "@potter/runtime";
import { createGraphQLSchema } from "@potter/runtime/graphql";
import { Account } from "./gen/bank/v1/account_cqrs.js";
import { graphqlContract } from "./gen/schema_graphql.js";

const account = Account.decider({
  initial: () => ({ owner: "" }),
  decide: { openAccount: (_state, command) => Account.event.accountOpened({ owner: command.owner }) },
  evolve: { accountOpened: (_state, event) => ({ owner: event.owner }) },
});
`;

export const bufYaml = `version: v2
modules:
  - path: proto
  - path: node_modules/@potter/generator/proto
`;

/** The files of a user's project, by path. */
export const sources: Readonly<Record<string, string>> = {
  "proto/bank/v1/account.proto": proto,
  "main.ts": `import { printSchema } from "graphql";
${account}
const app = createApp({ store: memory(), parts: [account] });
const ask = async (owner: string): Promise<number> => {
  const body = JSON.stringify({ accountId: "a1", owner });
  const headers = { "content-type": "application/json" };
  const request = new Request("http://bank.test/v1/accounts", { method: "POST", headers, body });
  return (await app.fetch(request)).status;
};
const statuses = [await ask(""), await ask("Ada")];
const schema = printSchema(createGraphQLSchema(app, { modules: [graphqlContract] }).schema);
await app.stop();
console.log(JSON.stringify({ statuses, graphql: schema.includes("openAccount(input: OpenAccountInput!)") }));
`,
  "buf.yaml": bufYaml,
  // Checks libraries: the declarations of the packages must resolve all their imports.
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2023",
      lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
      module: "nodenext",
      types: [],
      strict: true,
      skipLibCheck: false,
      outDir: "out",
      rootDir: ".",
    },
    include: ["gen", "main.ts"],
  }),
};

/** The buf template of the project, with the message plugin at a path. */
export function printBufGenYaml(protocGenEs: string): string {
  return `version: v2
plugins:
  - local: ${JSON.stringify(protocGenEs)}
    out: gen
    opt: [target=ts, import_extension=js]
    strategy: all
    include_imports: true
  - local: protoc-gen-potter-cqrs
    out: gen
    strategy: all
  - local: protoc-gen-potter
    out: gen
    strategy: all
    opt: [targets=openapi+asyncapi+graphql]
inputs:
  - directory: proto
`;
}
