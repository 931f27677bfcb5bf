// Clients of the fixtures are compiled at the strictest settings, together with code that uses them, bundled, and called.
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { emitClients, emitMessages, Project, refused, requestAll, type Texts } from "../../testing/index.js";

const request = requestAll();

/** What a project has for a value of the option `client_messages`: clients, and the messages of its library. */
function filesOf(messages: "json" | "es" | "ts-proto"): Texts {
  const clients = emitClients(request, messages);
  if (messages === "json") return clients;
  const left: readonly string[] = messages === "es" ? [] : ["fixture/hostile/v1/reserved_client.ts"];
  return {
    ...emitMessages(request, messages, refused[messages].messages),
    ...Object.fromEntries(Object.entries(clients).filter(([path]) => !left.includes(path))),
  };
}

describe.each(["json", "es", "ts-proto"] as const)("with client_messages=%s", (messages) => {
  let project: Project;
  beforeAll(() => {
    project = new Project(filesOf(messages));
  });
  afterAll(() => project.remove());

  test("all clients compile, at the strictest settings", () => {
    const complaints = project.typeCheck("--isolatedDeclarations", "--declaration", "--erasableSyntaxOnly").split("\n");
    // The messages of libraries rely on inference, and protobuf-es prints enums.
    const ofMessages = /^\S+(?<!_client|_messages)\.ts\(.*error TS(9\d{3}|1294):/;
    expect(complaints.filter((line) => line !== "" && !ofMessages.test(line))).toEqual([]);
  });

  test("a bundle contains only the methods that are used", async () => {
    const text = await bundle(project, `export { withdraw } from "./fixture/annotated/v1/bank_client.js";`);
    expect(text).toContain('"Withdraw"');
    expect(text).not.toMatch(/"Deposit"|"OpenAccount"|AccountOpened|AccountView/);
  });
});

test("types tell what calls return, with which errors, and what they can wait for", () => {
  const project = new Project({ ...filesOf("json"), "usage.ts": usage });
  expect(project.typeCheck()).toBe("");
  project.write("usage.ts", usage.replaceAll("// @ts-expect-error", "//"));
  const complaints = project
    .typeCheck()
    .split("\n")
    .filter((line) => line.startsWith("usage.ts"));
  project.remove();
  expect(complaints).toHaveLength(5);
});

/** Code that compiles only if the types are as they are. */
const usage = `import type { Client, ErrorsOf, ResponseOf } from "@potter/client";
import { AccountOpened, AccountService, type InsufficientFunds, withdraw } from "./fixture/annotated/v1/bank_client.js";
import { LibraryService, type Book, listBooks } from "./fixture/library/v1/library_client.js";
import { chat, importMessages, type SendRequest, type SendResponse, watchRoom } from "./fixture/streaming/v1/chat_client.js";
import type { PokeAccountResponse } from "./fixture/annotated/v1/bank_messages.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export const sure: [
  Same<keyof ErrorsOf<typeof withdraw>, "insufficientFunds" | "limitReached">,
  Same<ResponseOf<typeof chat>, SendResponse>,
] = [true, true];

export async function use(client: Client, requests: AsyncIterable<SendRequest>): Promise<unknown> {
  const accounts = client.of(AccountService);
  const outcome = await accounts.withdraw({ number: "1", amount: "5" }).safe();
  // @ts-expect-error: 64-bit integers are texts
  await accounts.withdraw({ number: 1 });
  // @ts-expect-error: there is no such field
  await accounts.withdraw({ nummer: "1" });
  if (!outcome.ok && outcome.error.name === "insufficientFunds") {
    const funds: InsufficientFunds = outcome.error.detail;
    return funds.missing;
  }
  // @ts-expect-error: the command declares no such error
  if (!outcome.ok && outcome.error.name === "postOnStrike") return;
  const poked: PokeAccountResponse = await accounts.pokeAccount({});
  // @ts-expect-error: a stream is no promise
  watchRoom(client, {}).then();
  for await (const room of watchRoom(client, {})) if (room.roomId === poked.accountNumber) break;
  const sent: SendResponse = await importMessages(client, requests);
  for await (const book of listBooks(client, {})) {
    const same: Book = book;
    if (same.title === undefined) break;
  }
  for await (const page of client.of(LibraryService).listBooks({}).pages()) page.nextPageToken?.length;
  // @ts-expect-error: that method belongs to another service
  client.of(LibraryService).withdraw;
  return [sent, AccountOpened.typeName satisfies "fixture.annotated.v1.AccountOpened"];
}
`;

async function bundle(project: Project, text: string): Promise<string> {
  project.write("entry.ts", text);
  const { outputFiles } = await build({
    entryPoints: [join(project.folder, "entry.ts")],
    bundle: true,
    write: false,
    format: "esm",
    logLevel: "error",
  });
  project.write("entry.ts", "");
  return outputFiles[0]?.text ?? "";
}
