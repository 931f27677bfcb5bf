// Writes docs/options.md from the interfaces of the runtime's options, so that the page matches the code.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/** The interfaces on the page: heading, name, how the options are given, the guide that explains them. */
const pages = [
  ["The app", "AppOptions", "createApp({ … })", "guides/handlers.md"],
  ["HTTP of all transports", "HttpOptions", "createApp({ http: { … } })", "guides/callers.md"],
  ["Other origins", "CorsOptions", "createApp({ http: { cors: { … } } })", "guides/callers.md"],
  ["One call", "SendOptions", "app.send(method, request, { … })", "guides/handlers.md"],
  ["REST", "RestOptions", "rest({ … })", "guides/rest.md"],
  ["GraphQL", "GraphQLOptions", "graphql({ … })", "guides/graphql.md"],
  ["gRPC, gRPC-Web and Connect", "RpcOptions", "rpc({ … })", "guides/grpc.md"],
  ["Compression of RPC", "RpcCompressionOptions", "rpc({ compression: { … } })", "guides/grpc.md"],
  ["WebSocket", "WebSocketTransportOptions", "webSocket({ … })", "guides/websocket.md"],
  ["All WebSockets", "SocketOptions", "webSocket({ … }), graphql({ webSocket: { … } })", "guides/websocket.md"],
  ["Probes", "HealthOptions", "health({ … })", "guides/deployment.md"],
  ["Server on Node", "ServeOptions", "serve(app, { … })", "guides/rest.md"],
  ["HTTP/2 on Node", "Http2Options", "serve(app, { http2: { … } })", "guides/deployment.md"],
  ["PostgreSQL", "PostgresOptions", "postgres({ … })", "guides/stores.md"],
  ["TLS of PostgreSQL", "PostgresTls", "postgres({ tls: { … } })", "guides/operating.md"],
  ["PGlite", "PgliteOptions", "pglite({ … })", "guides/stores.md"],
  ["Memory", "MemoryOptions", "memory({ … })", "guides/stores.md"],
  ["A projection", "ProjectionSettings", "OrderView.projection({ … })", "guides/projections.md"],
  ["Projection workers", "ProjectionWorkerOptions", "createApp({ projections: { … } })", "guides/projections.md"],
  ["A reaction", "ReactionSettings", "reaction({ … })", "guides/reactions-and-schedules.md"],
  [
    "A scheduled command",
    "ScheduleOptions",
    "app.schedules.schedule(method, request, { … })",
    "guides/reactions-and-schedules.md",
  ],
  ["A recurring command", "RecurringCommand", "schedule({ … })", "guides/reactions-and-schedules.md"],
  ["Saga workers", "SagaOptions", "createApp({ sagas: { … } })", "guides/sagas.md"],
  ["Outbox", "OutboxOptions", "createApp({ outbox: outbox({ … }) })", "guides/handlers.md"],
  ["Personal data", "PersonalDataOptions", "createApp({ personalData: { … } })", "guides/personal-data.md"],
  ["Master key", "MasterKeyOptions", "masterKey({ … })", "guides/personal-data.md"],
  ["Page tokens", "PageTokenOptions", "createApp({ pageTokens: { … } })", "guides/handlers.md"],
  ["Two-phase commit", "CoordinatorOptions", "createCoordinator({ … })", "guides/two-phase-commit.md"],
  ["Log of two-phase commit", "PostgresLogOptions", "postgresCoordinatorLog({ … })", "guides/two-phase-commit.md"],
  ["Subscriptions", "SubscribeOptions", "subscribe(store.events, { … })", "guides/event-sourcing.md"],
];

/** Options without documentation: an error. */
const undocumented = [];

const files = execFileSync("git", ["ls-files", "runtime/src/**/*.ts"], { encoding: "utf8" }).trim().split("\n");
const sources = files
  .filter((file) => !/\.(test|fixture|test-d)\.ts$/.test(file))
  .map((file) => readFileSync(file, "utf8"));

/** The body of an exported interface. Throws if there is none. */
function readInterface(name) {
  for (const text of sources) {
    const start = new RegExp(`^export (?:interface|type) ${name}\\b[^{]*\\{\\n`, "m").exec(text);
    if (start === null) continue;
    const rest = text.slice(start.index + start[0].length);
    return rest.slice(0, rest.search(/^\}/m));
  }
  throw new Error(`there is no interface ${name} in runtime/src`);
}

/** Each option with its documentation, in the order of the interface. */
function readOptions(name) {
  const members = readInterface(name).matchAll(/(?: {2}\/\*\*([\s\S]*?)\*\/\n)? {2}(?:readonly )?(\w+)(\??)(?::|\()/g);
  return Array.from(members, ([, doc = "", option, optional]) => {
    const text = doc
      .replaceAll(/^\s*\*\s?/gm, "")
      .replaceAll(/\s+/g, " ")
      .trim();
    if (text === "") undocumented.push(`${name}.${option}`);
    return {
      option,
      text: text.replaceAll("|", "\\|").replaceAll(/\{@link (\S+?)\}/g, "`$1`"),
      optional: optional === "?",
    };
  });
}

const sections = pages.map(([heading, name, use, guide]) => {
  const items = readOptions(name).map(({ option, text, optional }) => {
    return wrap(`- \`${option}\`${optional ? "" : " (required)"}: ${text}`);
  });
  return [
    `## ${heading}`,
    "",
    `\`${use}\`, type \`${name}\`.\nExplained in [${guide}](${guide}).`,
    "",
    ...items,
    "",
  ].join("\n");
});

/** Lines of at most 120 characters, those after the first indented. */
function wrap(text) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== "" && line.length + word.length + 1 > 118) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
}

if (undocumented.length > 0) throw new Error(`options without documentation: ${undocumented.join(", ")}`);

const head = `# Options

All options of the runtime, with their defaults. Durations are in milliseconds, sizes in bytes, unless an option says
otherwise. This page is generated from the code by \`npm run docs:options\`; words are explained in the
[glossary](glossary.md).

`;
writeFileSync("docs/options.md", `${head}${sections.join("\n").trimEnd()}\n`);
