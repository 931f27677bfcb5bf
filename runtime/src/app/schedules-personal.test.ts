// Personal fields of scheduled commands are encrypted, and erased with their data subject.
import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { expect, it, vi } from "vitest";
import { compileProto } from "../../../generator/src/testing/index.js";
import { defineService } from "../codegen/index.js";
import type { Method } from "../cqrs/index.js";
import { scheduledCommands } from "../engines/index.js";
import { type Es, es } from "../message/index.js";
import { memory } from "../store/memory/index.js";
import { createApp } from "./create-app.js";

const source = `syntax = "proto3"; package mail.v1; import "potter/v1/options.proto";
message Send {
  string person = 1 [(potter.v1.field).subject = true];
  string address = 2 [(potter.v1.field).personal = true];
}
message Sent { string id = 1; }`;
const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: compileProto({ "mail/v1/mail.proto": source }).protoFile }),
);
const codecOf = (name: string) => es(registry.getMessage(`mail.v1.${name}`) as DescMessage);
const send = {
  service: "mail.v1.Mail",
  name: "Send",
  kind: "command",
  stream: "unary",
  request: codecOf("Send"),
  response: codecOf("Sent"),
  http: [],
  errors: {},
} as unknown as Method<Es<DescMessage>, Es<DescMessage>, "unary", "command">;

function open() {
  const sent: string[] = [];
  const service = defineService({
    typeName: "mail.v1.Mail",
    methods: { send },
    errors: {},
    views: () => ({}),
  } as unknown as Parameters<typeof defineService>[0]);
  const handler = ({ person, address }: { person: string; address: string }) => {
    sent.push(`${person} at ${address}`);
    return {};
  };
  const parts = [service.commands({ send: handler } as never), scheduledCommands({ methods: [send] })];
  const app = createApp({ parts, store: memory() });
  const request = (person: string) => ({ person, address: `${person} street` }) as never;
  return { app, sent, request };
}

it("stores no personal field in clear text, and sends the request as it was", async () => {
  const { app, sent, request } = open();
  await app.start();
  const put = vi.fn();
  const { transact } = app.rawStore.rows;
  vi.spyOn(app.rawStore.rows, "transact").mockImplementation((apply) =>
    transact.call(
      app.rawStore.rows,
      (rows) =>
        apply(
          Object.assign(Object.create(rows), {
            put: (...args: Parameters<typeof rows.put>) => {
              put(args[0].codec.encode(args[3]));
              return rows.put(...args);
            },
            get: rows.get.bind(rows),
            delete: rows.delete.bind(rows),
          }),
        ) as Promise<never>,
    ),
  );
  await app.schedules.schedule(send, request("ada"), { in: 0 });
  await vi.waitFor(() => expect(sent).toEqual(["ada at ada street"]), 20_000);
  const stored = put.mock.calls.map(([bytes]) => new TextDecoder().decode(bytes));
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.every((text) => text.includes("ada"))).toBe(true);
  expect(stored.filter((text) => text.includes("street"))).toEqual([]);
  await app.stop();
});

it("drops a command whose data subject was erased", async () => {
  const { app, sent, request } = open();
  const at = new Date(Date.now() + 400);
  await app.schedules.schedule(send, request("ada"), { at });
  await app.schedules.schedule(send, request("bob"), { at });
  await app.eraseSubject("ada");
  await vi.waitFor(async () => expect(await app.schedules.list()).toEqual([]), 20_000);
  expect(sent).toEqual(["bob at bob street"]);
  await expect(app.schedules.schedule(send, request("ada"), { at })).rejects.toMatchObject({
    code: "failed_precondition",
    message: expect.stringContaining("this subject was erased"),
  });
  expect(await app.schedules.list()).toEqual([]);
  await app.stop();
});
