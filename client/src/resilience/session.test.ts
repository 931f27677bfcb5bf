import { expect, it } from "vitest";
import { command, query } from "../codegen/index.js";
import { createClient, type OutgoingCall } from "../index.js";

const named = { service: "test.v1.Stock" };
const add = command<object, object>({ ...named, name: "Add" });
const get = query<object, object>({ ...named, name: "Get" });

/** A session whose commands have the positions p1, p2, …, and what its calls have sent. */
function start() {
  const after: string[] = [];
  let last = 0;
  const send = async ({ headers, method }: OutgoingCall) => {
    after.push(String(headers["potter-after"]));
    const position = method.kind === "command" ? [["potter-position", `p${++last}`] as const] : [];
    return { response: {}, headers: new Map(position) };
  };
  return { session: createClient({ transport: { send } }).session(), after };
}

it("a session sends the positions of all commands that ran at the same time, which the next one replaces", async () => {
  const { session, after } = start();
  await Promise.all([add(session, {}), add(session, {}), add(session, {})]);
  await get(session, {});
  await add(session, {});
  await get(session, {});
  expect(after).toEqual(["0", "0", "0", "p1, p2, p3", "p1, p2, p3", "p4"]);
});

it("a session sends no more positions than servers accept, however many commands ran at the same time", async () => {
  const { session, after } = start();
  await Promise.all(Array.from({ length: 150 }, () => add(session, {})));
  await get(session, {});
  const sent = after.at(-1)?.split(", ") ?? [];
  expect([sent.length, sent[0], sent.at(-1)]).toEqual([100, "p51", "p150"]);
  await add(session, {});
  await get(session, {});
  expect(after.at(-1)).toBe("p151");
});
