import type { Choices, PackageManager } from "../choices/index.js";

/** Prints README.md: the commands of the project, and where what is. */
export function printReadme(name: string, choices: Choices, manager: PackageManager): string {
  const { targets, store } = choices;
  const documents = [
    ...(targets.includes("openapi") ? ["`gen/openapi.yaml`"] : []),
    ...(targets.includes("asyncapi") ? ["`gen/asyncapi.yaml`"] : []),
    ...(targets.includes("graphql") ? ["`gen/schema.graphql`"] : []),
  ];
  const generated = documents.length === 0 ? "" : ` Documents for clients: ${documents.join(", ")}.`;
  return `# ${name}

A library that adds books, lends them and lists them, made with [Potter](https://github.com/potter-framework/potter).

\`\`\`sh
${manager.name} install
${manager.run("generate")} # writes gen/ from proto/
${manager.run("test")} # generates, compiles, tests
${store === "postgres" ? "docker compose up --detach # PostgreSQL, unless DATABASE_URL names one\n" : ""}${manager.run("start")} # generates, compiles, serves
\`\`\`

In another terminal:

\`\`\`sh
curl localhost:8080/v1/books --json '{"bookId":"emma","title":"Emma"}'
curl localhost:8080/v1/books/emma:lend --json '{"memberId":"ada"}' --header 'Potter-Wait-For: BookView'
curl localhost:8080/v1/books
curl localhost:8080/library.v1.BookService/ListBooks --json '{}'
${targets.includes("graphql") ? `curl localhost:8080/graphql --json '{"query":"{ books(first: 10) { nodes { bookId title } } }"}'\n` : ""}\`\`\`

${storeNotes[store]}

## How it is called

${printSurfaces(choices)}

With \`Potter-Wait-For\`, as a header or as metadata, a command [waits](${guides}/waiting.md) until the read model includes it.

## Where what is

| file | what it holds |
| --- | --- |
| \`proto/library/v1/books.proto\` | the contract: commands, events, errors, read models, queries |
${targets.includes("saga") ? "| `proto/library/v1/loans.proto` | a saga: it reminds a member after 30 days |\n" : ""}| \`gen/\` | what is generated from it. Do not edit it; it is not committed |
${targets.includes("client") ? "| `gen/library/v1/books_client.ts` | what callers of the service import |\n" : ""}| \`src/books.ts\` | the behaviour: commands to events, events to state, events to rows |
${targets.includes("saga") ? "| `src/loans.ts` | the behaviour of the saga |\n" : ""}| \`src/books.test.ts\` | given events, when a command, then events or an error |
| \`src/app.ts\` | the service: its parts, its store, its transports |

After a change of the contract, \`${manager.run("generate")}\` inserts typed stubs for what is new into your files.${generated}
While you develop, \`${manager.run("dev")}\` does it each time you save, and restarts the service.

## The contract

\`${manager.exec("potter graph --out README.md")}\` draws here who emits an event, and who consumes it:

<!-- potter graph -->
<!-- end of potter graph -->

## An image

\`\`\`sh
docker build --tag service .
docker run --publish 8080:8080 ${dockerOptions[store]}service
\`\`\`
`;
}

const guides = "https://github.com/potter-framework/potter/blob/main/docs/guides";

/** Prints a table of what calls the service, and where to read about it. */
function printSurfaces({ targets }: Choices): string {
  const openapi = targets.includes("openapi") ? "; `gen/openapi.yaml` describes it" : "";
  const client = targets.includes("client")
    ? "`gen/library/v1/books_client.ts`"
    : "add `client` to `targets` in `buf.gen.yaml`, and the package `@potter/client`";
  const rows = [
    ["REST", `\`/v1/books\`${openapi}`, "rest"],
    ["gRPC, gRPC-Web", "clients that are generated from `proto/`; grpcurl needs `rpc({ reflection: true })`", "grpc"],
    ["Connect", "such clients too; or send JSON to `/library.v1.BookService/ListBooks`, as above", "connect"],
    ...(targets.includes("graphql") ? [["GraphQL", "`/graphql`; `gen/schema.graphql` describes it", "graphql"]] : []),
    ["WebSocket", "install `ws`, add `webSocket()` to the transports, and `webSockets: ws()` to `serve`", "websocket"],
    ["TypeScript", client, "clients"],
  ];
  const lines = rows.map(([over, how, guide]) => `| [${over}](${guides}/${guide}.md) | ${how} |`);
  return ["| over | how |", "| --- | --- |", ...lines].join("\n");
}

const storeNotes: Readonly<Record<Choices["store"], string>> = {
  pglite:
    "The events are in `./data`, in an embedded PostgreSQL; the variable `DATA` names another folder. One process can open it\nat a time.",
  postgres:
    "The events are in PostgreSQL. `DATABASE_URL` names the database; without it, the service takes that of `compose.yaml`.",
  memory:
    "The events are in memory and are lost when the service ends: choose another store in `src/app.ts` to keep them.",
};

const dockerOptions: Readonly<Record<Choices["store"], string>> = {
  pglite: "--volume service:/var/lib/service ",
  postgres: "--env DATABASE_URL ",
  memory: "",
};
