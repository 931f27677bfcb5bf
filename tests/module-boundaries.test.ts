// Which module may import which. The tables are those of docs/architecture.md.
import { describe, expect, it } from "vitest";
import { type Import, listSources, readImports, readText } from "./sources.js";

/** A module and the modules that it may import. A module is a folder; the longest name that matches a file is its module. */
type Rooms = Readonly<Record<string, readonly string[]>>;

const store = ["store/ports", "store/events", "store/checks", "store/rows", "store/memory", "store/subscriptions"];

const http = [
  "http/http.ts",
  "http/web-socket.ts",
  "http/caller.ts",
  "http/errors",
  "http/headers",
  "http/answer-problem.ts",
  "http/readiness.ts",
  "http/body",
  "http/origins.ts",
  "http/gate",
  "http/server-sent-events",
  "http/sockets",
];

const core = [
  "async",
  "errors",
  "function-text",
  "message",
  "cqrs",
  ...store,
  "aggregate",
  "projection",
  "validation",
  "schemas",
  "paging",
];

const runtime: Rooms = {
  async: [],
  errors: [],
  "function-text": [],
  fsm: ["errors"],
  message: ["errors", "function-text"],
  cqrs: ["async", "errors", "message"],
  "store/ports": ["message"],
  "store/events": ["errors", "store/ports"],
  "store/checks": ["errors", "store/ports", "store/events"],
  "store/rows": ["async", "errors", "message", "store/ports", "store/checks"],
  "store/subscriptions": ["async", "errors", "store/ports"],
  "store/memory": ["errors", ...store],
  // The public API of `@potter/runtime/store`.
  store: ["message", ...store],
  personal: ["async", "errors", "message", ...store],
  aggregate: [
    "aggregate/declaration",
    "aggregate/events",
    "aggregate/decision",
    "aggregate/repository",
    "aggregate/commands",
    "cqrs",
    "message",
  ],
  "aggregate/declaration": ["message", "cqrs"],
  "aggregate/events": ["errors", "message", "cqrs", ...store, "aggregate/declaration"],
  "aggregate/decision": ["errors", "message", "cqrs", ...store, "aggregate/declaration", "aggregate/events"],
  "aggregate/repository": ["errors", "cqrs", ...store, "aggregate/declaration", "aggregate/decision"],
  "aggregate/commands": [
    "async",
    "errors",
    "message",
    "cqrs",
    ...store,
    "aggregate/declaration",
    "aggregate/events",
    "aggregate/decision",
    "aggregate/repository",
  ],
  paging: ["errors", "message", "cqrs"],
  projection: ["projection/declaration", "projection/apply", "projection/runner", "projection/views"],
  "projection/declaration": ["errors", "message", "cqrs", ...store, "aggregate"],
  "projection/views": ["async", "errors", "message", "cqrs", ...store, "paging"],
  "projection/apply": ["async", "errors", "cqrs", ...store, "aggregate", "projection/declaration", "projection/views"],
  "projection/runner": [
    "async",
    "errors",
    "message",
    "cqrs",
    ...store,
    "projection/apply",
    "projection/declaration",
    "projection/views",
  ],
  schedule: ["async", "errors", "message", "cqrs", ...store],
  waits: ["async", "errors", "message", "cqrs", "store/ports", "store/subscriptions", "aggregate", "paging"],
  reaction: ["async", "errors", "message", "cqrs", "projection"],
  "saga/declaration": ["message", "cqrs", "projection"],
  "saga/machine": ["errors", "message", "cqrs", "fsm", "saga/declaration"],
  "saga/row": ["errors", "message", "store/ports", "saga/declaration", "saga/machine"],
  "saga/options.ts": ["errors", "cqrs"],
  "saga/transaction": [
    "async",
    "errors",
    "message",
    "cqrs",
    "store/checks",
    "store/ports",
    "saga/declaration",
    "saga/machine",
    "saga/row",
  ],
  "saga/commands": [
    "async",
    "errors",
    "message",
    "cqrs",
    "store/ports",
    "aggregate",
    "saga/declaration",
    "saga/machine",
    "saga/options.ts",
    "saga/transaction",
  ],
  "saga/engine": [
    "async",
    "errors",
    "message",
    "cqrs",
    "store/ports",
    "projection",
    "saga/declaration",
    "saga/machine",
    "saga/row",
    "saga/options.ts",
    "saga/transaction",
    "saga/commands",
  ],
  "saga/control": [
    "errors",
    "async",
    "message",
    "cqrs",
    "paging",
    "store/checks",
    "store/ports",
    "projection",
    "saga/declaration",
    "saga/transaction",
    "saga/engine",
    "saga/machine",
  ],
  // Types only.
  saga: ["saga/control", "saga/machine", "saga/options.ts"],
  outbox: ["async", "errors", "message", "cqrs", ...store],
  schemas: ["errors", "message", ...store],
  validation: ["errors", "message", "cqrs", "validation/protovalidate", "validation/rules"],
  "validation/protovalidate": ["errors", "function-text", "message", "validation/rules"],
  "validation/rules": ["errors", "message"],
  "two-phase-commit": ["async", "errors", "message", "cqrs"],
  http: ["cqrs", "paging", ...http],
  // The neutral request and response.
  "http/http.ts": ["http/web-socket.ts"],
  "http/web-socket.ts": [],
  "http/caller.ts": ["cqrs", "http/http.ts"],
  "http/errors": ["errors", "http/http.ts"],
  "http/headers": ["cqrs", "message", "http/errors", "http/caller.ts", "http/http.ts"],
  "http/answer-problem.ts": ["http/errors", "http/headers", "http/http.ts"],
  "http/readiness.ts": ["cqrs"],
  "http/body": ["message", "http/errors"],
  "http/origins.ts": ["errors", "http/http.ts"],
  "http/gate": ["errors", "http/errors", "http/answer-problem.ts", "http/origins.ts", "http/http.ts"],
  "http/server-sent-events": ["async", "errors"],
  "http/sockets": [
    "async",
    "errors",
    "http/errors",
    "http/caller.ts",
    "http/origins.ts",
    "http/http.ts",
    "http/web-socket.ts",
  ],
  sql: [...store, "sql/driver", "sql/migrations", "sql/rows", "sql/maintenance", "sql/stores"],
  "sql/driver": ["errors", ...store],
  "sql/groups": ["async", "errors"],
  "sql/values": ["errors", ...store, "sql/driver"],
  "sql/migrations": ["errors", ...store, "sql/driver"],
  "sql/rows": ["async", "errors", ...store, "sql/driver", "sql/groups", "sql/values"],
  "sql/append": ["async", "errors", ...store, "sql/driver", "sql/groups", "sql/values", "sql/migrations", "sql/rows"],
  "sql/read": ["errors", ...store, "sql/driver", "sql/groups", "sql/values"],
  "sql/maintenance": ["errors", ...store, "sql/driver", "sql/values", "sql/migrations"],
  "sql/stores": [
    "errors",
    ...store,
    "sql/driver",
    "sql/groups",
    "sql/values",
    "sql/rows",
    "sql/append",
    "sql/read",
    "sql/maintenance",
  ],
  "transport/graphql": [
    ...core,
    "http",
    "graphql-bindings",
    ...["context", "limits", "engine", "schema", "websocket"].map((room) => `transport/graphql/${room}`),
  ],
  "transport/graphql/context": ["cqrs", "errors", "http"],
  "transport/graphql/values": ["cqrs", "errors", "message", "graphql-bindings"],
  "transport/graphql/schema": [
    ...core,
    "http",
    "graphql-bindings",
    "transport/graphql/context",
    "transport/graphql/values",
  ],
  "transport/graphql/limits": ["errors"],
  "transport/graphql/selection": [],
  "transport/graphql/text": [
    "function-text",
    ...["schema", "selection", "values"].map((room) => `transport/graphql/${room}`),
  ],
  "transport/graphql/execution": ["schema", "selection", "text"].map((room) => `transport/graphql/${room}`),
  "transport/graphql/engine": [
    "cqrs",
    "errors",
    ...["context", "limits", "execution"].map((room) => `transport/graphql/${room}`),
  ],
  "transport/graphql/websocket": [...core, "http", "transport/graphql/engine", "transport/graphql/context"],
  "transport/health": ["cqrs", "errors", "http"],
  "transport/rest": [
    ...core,
    "http",
    "transport/rest/request",
    "transport/rest/response",
    "transport/rest/streams",
    "transport/rest/messages",
  ],
  "transport/rest/request": [...core, "http", "transport/rest/messages"],
  "transport/rest/response": [...core, "http", "transport/rest/messages"],
  "transport/rest/streams": [...core, "http", "transport/rest/messages", "transport/rest/response"],
  "transport/rest/messages": [...core],
  "transport/rpc": [
    ...["async", "cqrs", "errors", "message", "http"],
    ...["calls", "compression", "connect", "grpc", "health", "reflection"].map((room) => `transport/rpc/${room}`),
  ],
  "transport/rpc/health": ["async", "cqrs", "errors", "http", "message"],
  "transport/rpc/reflection": ["cqrs", "errors", "http", "message"],
  "transport/rpc/envelope": ["async", "cqrs", "errors"],
  "transport/rpc/compression": ["async", "errors", "transport/rpc/envelope"],
  "transport/rpc/status": ["errors", "http"],
  "transport/rpc/calls": [
    ...["async", "cqrs", "errors", "message", "http"],
    ...["compression", "envelope", "status"].map((room) => `transport/rpc/${room}`),
  ],
  "transport/rpc/grpc": [
    ...["async", "cqrs", "errors", "http"],
    ...["calls", "compression", "envelope", "status"].map((room) => `transport/rpc/${room}`),
  ],
  "transport/rpc/connect": [
    ...["async", "cqrs", "errors", "http"],
    ...["calls", "compression", "envelope", "status"].map((room) => `transport/rpc/${room}`),
  ],
  "transport/index.ts": ["cqrs", "http", "paging"],
  "transport/websocket": [...core, "http"],
  // What definitions bring to an app. The app imports types of it only, as the bundles of neutral-bundle.test.ts prove.
  engines: [
    ...core,
    "personal",
    "reaction",
    "schedule",
    "waits",
    ...["options.ts", "declaration", "machine", "row", "transaction", "commands", "engine", "control"].map(
      (room) => `saga/${room}`,
    ),
  ],
  // The app puts the parts together, so it is the only module of the core that knows the transport behind `app.fetch`.
  app: [...core, "schedule", "engines", "saga", "saga/declaration", "outbox", "personal", "http", "transport/rest"],
  // The table of statuses is for documents about services.
  codegen: [...core, "engines", "saga/declaration", "http", "graphql-bindings"],
  "graphql-bindings": ["cqrs", "aggregate"],
  conformance: [
    ...["errors", "message", ...store, "conformance/cases", "conformance/event-store", "conformance/two-phase-commit"],
    "testing/expectations",
  ],
  "conformance/cases": ["errors", "message", ...store, "testing/expectations"],
  "conformance/event-store": ["errors", "message", ...store, "conformance/cases", "testing/expectations"],
  "conformance/two-phase-commit": [
    "errors",
    "message",
    "conformance/cases",
    "two-phase-commit",
    "testing/expectations",
  ],
  testing: [...core, "reaction", "testing/expectations", "testing/sagas", "validation/protovalidate", "app", "http"],
  "testing/expectations": [],
  "testing/sagas": [
    "errors",
    "message",
    "cqrs",
    "projection",
    "saga/declaration",
    "saga/machine",
    "testing/expectations",
  ],
  "adapters/kysely": [...core, "engines", "sql"],
  "adapters/cron": ["errors", "schedule"],
  "adapters/cli": [...core, "app", "saga", "schedule", "schemas"],
  "adapters/mariadb": ["async", "errors", "two-phase-commit"],
  "adapters/messagepack": [...core, "http"],
  "adapters/node": [
    ...core,
    "personal",
    "app",
    "http",
    "adapters/node/options",
    "adapters/node/exchange",
    "adapters/node/http1",
    "adapters/node/http2",
  ],
  "adapters/node/options": ["errors", "cqrs", "http"],
  "adapters/node/exchange": ["async", "http", "adapters/node/options"],
  "adapters/node/http1": ["errors", "message", "http", "adapters/node/options", "adapters/node/exchange"],
  "adapters/node/http2": ["async", "http", "adapters/node/options", "adapters/node/exchange"],
  "adapters/pglite": [...core, "sql"],
  "adapters/postgres": [...core, "sql", "adapters/postgres/connections", "adapters/postgres/two-phase-commit"],
  "adapters/postgres/connections": ["errors", ...store, "sql"],
  "adapters/postgres/two-phase-commit": ["errors", "sql", "two-phase-commit"],
  "adapters/graphiql": ["errors", "http", "adapters/pages"],
  "adapters/pages": ["http"],
  "adapters/swagger-ui": [...core, "app", "http", "adapters/pages"],
  "adapters/bun": ["http"],
  "adapters/deno": ["http"],
  "adapters/workerd": ["http"],
  "adapters/ws": ["http"],
  "index.ts": [
    ...core,
    "engines",
    "outbox",
    "personal",
    "reaction",
    "saga",
    "saga/declaration",
    "schedule",
    "app",
    "http",
    "transport/health",
    "transport/rest",
  ],
};

const model = ["descriptors", "diagnostics", "model"];
const target = [...model, "printer", "messages", "targets", "output"];
const everything = [
  ...target,
  "pipeline",
  "rules",
  "legacy",
  "openapi-options",
  "graphql-options",
  "json-schema",
  "documents",
  "targets/asyncapi",
  "targets/client",
  "targets/cqrs",
  "targets/graphql",
  "targets/openapi",
  "targets/saga",
];

const generator: Rooms = {
  gen: [],
  descriptors: ["gen"],
  diagnostics: ["descriptors"],
  model: ["gen", "descriptors", "diagnostics", "openapi-options", "graphql-options"],
  rules: model,
  legacy: ["gen", ...model],
  "openapi-options": ["gen", "descriptors"],
  "graphql-options": ["gen", "descriptors"],
  "json-schema": ["json-schema/examples", "json-schema/keywords", "json-schema/messages", "json-schema/values"],
  "json-schema/keywords": ["model"],
  "json-schema/read-rules": ["descriptors"],
  "json-schema/values": ["descriptors", "model", "json-schema/keywords", "json-schema/read-rules"],
  "json-schema/examples": ["json-schema/keywords", "json-schema/values"],
  "json-schema/messages": [
    "descriptors",
    "model",
    "json-schema/examples",
    "json-schema/keywords",
    "json-schema/read-rules",
    "json-schema/values",
  ],
  output: ["diagnostics"],
  printer: [...model, "output"],
  messages: [...model, "printer", "output"],
  documents: [...model, "json-schema", "targets"],
  targets: target,
  "targets/client": [...target, "targets/client/flavours", "targets/client/json"],
  "targets/client/flavours": [...target, "targets/client/json"],
  "targets/client/json": ["messages", "printer"],
  "targets/cqrs": target,
  "targets/saga": target,
  "targets/asyncapi": [...target, "documents", "json-schema"],
  "targets/graphql": [
    ...target,
    ...["contract", "names", "printing", "schema"].map((room) => `targets/graphql/${room}`),
  ],
  "targets/graphql/contract": [...model, "output", "json-schema"],
  "targets/graphql/names": [...model, "targets", "targets/graphql/contract"],
  "targets/graphql/types": [...model, "json-schema", "targets/graphql/contract", "targets/graphql/names"],
  "targets/graphql/schema": [...model, "targets/graphql/contract", "targets/graphql/names", "targets/graphql/types"],
  "targets/graphql/printing": [...target, ...["contract", "schema", "types"].map((room) => `targets/graphql/${room}`)],
  "targets/openapi": [
    ...target,
    "documents",
    "json-schema",
    "targets/openapi/operations",
    "targets/openapi/selection",
    "targets/openapi/versions",
  ],
  "targets/openapi/selection": [...model, "output", "json-schema", "targets"],
  "targets/openapi/operations": [...model, "json-schema", "targets/openapi/selection"],
  "targets/openapi/versions": ["targets/openapi/selection"],
  pipeline: [...model, "legacy", "rules", "output", "targets"],
  transpiler: ["output", "pipeline", "targets"],
  plugin: [...everything, "transpiler"],
  tooling: [...everything, "plugin", "transpiler"],
  testing: [...everything, "plugin", "transpiler"],
  "index.ts": [...everything, "plugin", "transpiler"],
};

/** The files at the top of the CLI that every command may import. */
const commandLine = ["cli-error.ts", "arguments", "count-of.ts", "progress.ts"];

const cli: Rooms = {
  "cli-error.ts": [],
  arguments: ["cli-error.ts"],
  "command.ts": ["arguments"],
  "commands.ts": [
    "command.ts",
    "check",
    "completion",
    "doctor",
    "explain",
    "generate",
    "graph",
    "init",
    "lock",
    "migrate",
    "scaffold",
    "spec",
    "watch",
  ],
  "help.ts": ["arguments"],
  "closed-output.ts": [],
  "count-of.ts": [],
  "docs-url.ts": [],
  "index.ts": ["closed-output.ts", "main.ts"],
  "main.ts": [...commandLine, "command.ts", "commands.ts", "help.ts", "runtime-cli.ts"],
  "is-within.ts": [],
  "npm-program.ts": [],
  "paint.ts": [],
  "print-diff.ts": [],
  "run-git.ts": [],
  "temporary-folder.ts": ["cli-error.ts"],
  "progress.ts": [],
  "runtime-cli.ts": ["cli-error.ts"],
  "watch-error.ts": ["cli-error.ts"],
  files: ["cli-error.ts", "run-git.ts"],
  buf: ["cli-error.ts"],
  contract: ["buf"],
  project: ["cli-error.ts", "contract"],
  plugins: ["cli-error.ts", "buf", "contract", "npm-program.ts", "project", "temporary-folder.ts"],
  write: ["cli-error.ts"],
  errors: ["cli-error.ts", "contract", "plugins"],
  generation: [
    "cli-error.ts",
    "count-of.ts",
    "contract",
    "errors",
    "progress.ts",
    "project",
    "plugins",
    "scaffold",
    "write",
  ],
  generate: [...commandLine, "errors", "generation"],
  spec: [...commandLine, "errors", "generation", "plugins", "project"],
  explain: [...commandLine, "explain/pages"],
  "explain/pages": ["check/findings", "doctor/findings", "scaffold"],
  check: [
    ...commandLine,
    ...["plugins", "project", "scaffold"],
    ...[
      "accepted",
      "compile",
      "contract",
      "findings",
      "generated",
      "graphql",
      "lock",
      "reports",
      "rules",
      "scaffold",
      "wire",
    ].map((room) => `check/${room}`),
  ],
  "check/accepted": ["cli-error.ts", "check/findings"],
  "check/compile": [
    ...["cli-error.ts", "buf", "contract", "is-within.ts", "lock-file", "run-git.ts", "temporary-folder.ts"],
  ],
  "check/contract": [],
  "check/findings": [],
  "check/generated": ["check/compile", "check/findings", "plugins", "write"],
  "check/graphql": ["cli-error.ts", "check/contract", "check/findings"],
  "check/lock": ["cli-error.ts", "check/contract", "check/findings", "lock-file"],
  "check/reports": ["check/accepted", "check/compile", "check/findings"],
  "check/rules": ["check/contract", "check/findings"],
  "check/scaffold": ["check/findings", "scaffold"],
  "check/wire": ["cli-error.ts", "buf", "temporary-folder.ts", "check/compile", "check/contract", "check/findings"],
  "init/choices": [],
  "init/create": ["cli-error.ts", "files", "init/choices"],
  "init/adopt": ["cli-error.ts", "files", "init/choices", "init/create"],
  init: [...commandLine, "npm-program.ts", "print-diff.ts", "run-git.ts", "init/choices", "init/create", "init/adopt"],
  doctor: [...commandLine, "paint.ts", "doctor/checks", "doctor/findings"],
  "doctor/findings": [],
  "doctor/packages": [],
  "doctor/tsconfig": ["is-within.ts", "doctor/packages"],
  "doctor/checks": [
    ...["buf", "count-of.ts", "docs-url.ts", "errors", "generation", "is-within.ts", "lock-file", "plugins", "project"],
    ...["watch-error.ts", "write"],
    ...["doctor/findings", "doctor/packages", "doctor/tsconfig"],
  ],
  graph: [...commandLine, "contract", "errors", "files", "graph/reactions", "plugins", "project"],
  "graph/reactions": [],
  completion: [...commandLine, "command.ts", "help.ts", "runtime-cli.ts"],
  lock: [
    ...commandLine,
    ...["buf", "contract", "errors", "lock-file", "check/compile", "check/contract", "check/reports", "check/rules"],
    "files",
  ],
  "lock-file": ["cli-error.ts", "count-of.ts"],
  migrate: [
    ...commandLine,
    ...[
      "print-diff.ts",
      "temporary-folder.ts",
      "contract",
      "errors",
      "files",
      "project",
      "write",
      "migrate/syntax",
      "migrate/rewrite",
    ],
  ],
  "migrate/syntax": [],
  "migrate/rewrite": ["migrate/syntax"],
  "scaffold/contract": [],
  "scaffold/places": ["scaffold/contract"],
  "scaffold/insert": ["scaffold/contract"],
  "scaffold/plan": ["scaffold/contract", "scaffold/places"],
  "scaffold/verify": ["scaffold/contract", "scaffold/places", "scaffold/insert", "scaffold/plan"],
  scaffold: [
    ...commandLine,
    "print-diff.ts",
    "contract",
    "errors",
    "files",
    "project",
    "plugins",
    "write",
    "scaffold/contract",
    "scaffold/places",
    "scaffold/insert",
    "scaffold/plan",
    "scaffold/verify",
  ],
  "watch/files": ["cli-error.ts", "is-within.ts", "contract", "plugins", "project", "watch-error.ts", "write"],
  watch: [
    ...commandLine,
    "npm-program.ts",
    "buf",
    "errors",
    "generation",
    "plugins",
    "project",
    "scaffold",
    "watch/files",
    "write",
  ],
};

/** What a method returns, and what surrounds its attempts. */
const clientCore = ["contract", "errors", "transport", "resilience", "calls", "methods"];

const client: Rooms = {
  contract: ["envelopes"],
  errors: [],
  base64: [],
  transport: ["contract", "errors"],
  resilience: ["contract", "errors", "transport"],
  calls: ["base64", "contract", "errors", "transport", "resilience"],
  methods: ["contract", "envelopes", "errors", "transport", "resilience", "calls"],
  client: clientCore,
  envelopes: ["errors"],
  connect: ["base64", "contract", "envelopes", "errors", "transport"],
  grpc: ["base64", "envelopes", "errors", "transport"],
  local: ["errors", "transport"],
  mock: ["errors", "transport", "methods"],
  tanstack: ["errors", "calls", "methods"],
  problem: ["errors", "transport"],
  rest: ["base64", "contract", "errors", "transport", "problem"],
  websocket: ["errors", "transport", "problem"],
  es: ["contract"],
  "ts-proto": ["contract"],
  codegen: ["contract", "methods"],
  "index.ts": [...clientCore, "client", "connect", "envelopes"],
};

/** The packages that code may import in addition to its own. A name ending in `/` includes all that begin with it. */
const packages: Readonly<Record<string, readonly string[]>> = {
  "runtime/src/adapters/kysely/": ["kysely"],
  "runtime/src/adapters/cron/": ["croner"],
  "runtime/src/adapters/cli/": ["node:", "@bufbuild/protobuf"],
  "runtime/src/adapters/mariadb/": ["mysql2"],
  "runtime/src/adapters/messagepack/": ["@bufbuild/protobuf", "@msgpack/msgpack"],
  "runtime/src/adapters/node/": ["node:"],
  "runtime/src/adapters/pglite/": ["node:", "@electric-sql/pglite"],
  "runtime/src/adapters/postgres/": ["node:", "pg"],
  "runtime/src/adapters/graphiql/": ["@graphql-yoga/render-graphiql"],
  "runtime/src/adapters/pages/": ["node:"],
  "runtime/src/adapters/swagger-ui/": ["node:", "js-yaml", "swagger-ui-dist"],
  "runtime/src/adapters/ws/": ["node:", "ws"],
  "runtime/src/transport/graphql/": ["@bufbuild/protobuf", "graphql"],
  "runtime/src/validation/": ["@bufbuild/protobuf", "@bufbuild/protovalidate"],
  "runtime/src/": ["@bufbuild/protobuf"],
  "client/src/es/": ["@bufbuild/protobuf"],
  "client/src/grpc/": ["node:"],
  "generator/src/output/": ["node:"],
  "generator/src/plugin/": ["node:", "@bufbuild/protobuf"],
  "generator/src/transpiler/": ["node:", "@bufbuild/protobuf"],
  "generator/src/testing/": ["node:", "@bufbuild/protobuf", "js-yaml", "openapi3-ts"],
  "generator/src/documents/": ["@bufbuild/protobuf", "js-yaml"],
  "generator/src/json-schema/": ["@bufbuild/protobuf", "@bufbuild/protovalidate", "openapi3-ts"],
  "generator/src/openapi-options/": ["@bufbuild/protobuf", "js-yaml", "openapi3-ts"],
  "generator/src/targets/graphql/": ["@bufbuild/protobuf", "graphql"],
  "generator/src/targets/openapi/": ["@bufbuild/protobuf", "@potter/runtime/codegen/statuses", "openapi3-ts"],
  "generator/src/": ["@bufbuild/protobuf", "@potter/runtime/codegen/symbols"],
  "cli/src/scaffold/": ["node:", "@potter/generator", "@potter/generator/tooling", "prettier", "ts-morph"],
  "cli/src/watch/": ["node:", "@potter/generator/tooling", "chokidar"],
  "cli/src/init/": ["node:", "@clack/prompts", "@potter/generator/tooling", "yaml"],
  "cli/src/doctor/": ["node:", "@bufbuild/protobuf", "@potter/generator/tooling", "chokidar", "ts-morph", "yaml"],
  "cli/src/graph/": ["node:", "@bufbuild/protobuf", "@potter/generator", "@potter/generator/tooling", "ts-morph"],
  "cli/src/migrate/": ["node:", "@bufbuild/protobuf", "@potter/generator/tooling", "yaml"],
  "cli/src/lock-file/": ["@bufbuild/protobuf", "@potter/generator"],
  "cli/src/project/": ["node:", "yaml"],
  "cli/src/write/": ["node:"],
  "cli/src/check/": [
    "node:",
    "@bufbuild/protobuf",
    "@graphql-inspector/core",
    "@potter/generator",
    "@potter/runtime/compatibility",
    "graphql",
    "yaml",
  ],
  "cli/src/arguments/": ["node:", "@potter/generator/tooling", "yargs"],
  "cli/src/": ["node:", "@bufbuild/protobuf", "@potter/generator/tooling"],
};

for (const [folder, rooms] of Object.entries({
  "runtime/src": runtime,
  "client/src": client,
  "generator/src": generator,
  "cli/src": cli,
})) {
  const files = listSources(folder);
  const imports = files.flatMap((file) => readImports(file));

  describe(folder, () => {
    it("has a row in the table for every file", () => {
      expect(files.filter((file) => roomOf(rooms, folder, file) === undefined)).toEqual([]);
    });

    it("imports only the modules that the table allows", () => {
      const wrong = imports.filter((one) => {
        const from = roomOf(rooms, folder, one.file);
        const to = one.target && roomOf(rooms, folder, one.target);
        return from !== undefined && one.target !== undefined && from !== to && !rooms[from]?.includes(to ?? "");
      });
      expect(wrong.map(print)).toEqual([]);
    });

    it("imports other modules through their index.ts", () => {
      const wrong = imports.filter((one) => {
        if (one.target === undefined) return false;
        const to = roomOf(rooms, folder, one.target);
        if (to === "gen" || to === roomOf(rooms, folder, one.file)) return false;
        // A module may be a single file at the top.
        return one.target !== `${folder}/${to}/index.ts` && one.target !== `${folder}/${to}`;
      });
      expect(wrong.map(print)).toEqual([]);
    });

    it("imports only the packages that the table allows", () => {
      const generated = `${folder}/gen/`;
      const wrong = imports.filter((one) => {
        if (one.target !== undefined || one.file.startsWith(generated)) return false;
        const prefix = Object.keys(packages).find((name) => one.file.startsWith(name));
        return !packages[prefix ?? ""]?.some((name) => isPackage(one.specifier, name));
      });
      expect(wrong.map(print)).toEqual([]);
    });

    it("has no cycle among its files", () => {
      expect(findCycles(imports)).toEqual([]);
    });
  });
}

describe("emitters", () => {
  it("read the model and no options", () => {
    const reader = /\b(?:(?:get|has)(?:Option|Extension)|read(?:\w*Option|\w+Options|\w+Roles|Visibility))\b/;
    const folders = ["targets", "documents", "messages", "output", "printer"];
    const files = folders.flatMap((folder) => listSources(`generator/src/${folder}`));
    expect(files.filter((file) => reader.test(readText(file)))).toEqual([]);
  });
});

describe("the reader of imports", () => {
  const read = (text: string): string[] => readImports("a/b.ts", text).map((one) => one.target ?? one.specifier);

  it("finds static, dynamic, type and side-effect imports and re-exports", () => {
    expect(read(`import { x } from "./x.js";`)).toEqual(["a/x.ts"]);
    expect(read(`import type {\n  X,\n} from "../c/index.js";`)).toEqual(["c/index.ts"]);
    expect(read(`export * from "pg";\nexport { y } from "./y.js";`)).toEqual(["pg", "a/y.ts"]);
    expect(read(`const z = await import("node:fs");`)).toEqual(["node:fs"]);
    expect(read(`import "./x.js";`)).toEqual(["a/x.ts"]);
    expect(read(`let x: import("./x.js").X;`)).toEqual(["a/x.ts"]);
  });

  it("ignores comments and other strings", () => {
    expect(read(`// import { x } from "x";\n/**\n * import { y } from "y";\n */\nexport const a = "from b";`)).toEqual(
      [],
    );
  });

  it("finds a cycle", () => {
    const cycle = [
      ...readImports("a.ts", `import "./b.js";`),
      ...readImports("b.ts", `import type { A } from "./a.js";`),
    ];
    expect(findCycles(cycle)).toEqual(["a.ts → b.ts → a.ts"]);
  });
});

function roomOf(rooms: Rooms, folder: string, file: string): string | undefined {
  const path = file.slice(folder.length + 1);
  const fitting = Object.keys(rooms).filter((room) => path === room || path.startsWith(`${room}/`));
  return fitting.sort((a, b) => b.length - a.length)[0];
}

function isPackage(specifier: string, name: string): boolean {
  return name.endsWith(":") ? specifier.startsWith(name) : specifier === name || specifier.startsWith(`${name}/`);
}

function print(one: Import): string {
  return `${one.file} imports ${one.specifier}`;
}

/** Each cycle once, from the file at which a walk first closes it. */
function findCycles(imports: readonly Import[]): string[] {
  const edges = new Map<string, string[]>();
  for (const { file, target } of imports) {
    if (target !== undefined) edges.set(file, [...(edges.get(file) ?? []), target]);
  }
  const cycles = new Set<string>();
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) cycles.add([...path.slice(start), file].join(" → "));
    if (start >= 0 || done.has(file)) return;
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of [...edges.keys()].sort()) walk(file, []);
  return [...cycles];
}
