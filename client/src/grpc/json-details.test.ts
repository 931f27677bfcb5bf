// Clients whose messages are plain JSON: the details of errors reach them as JSON, too.
import { afterEach, describe, expect, it } from "vitest";
import { toBase64 } from "../base64/index.js";
import { command } from "../codegen/index.js";
import type { Client } from "../index.js";
import { connectTo, field, type GrpcServer, startServer } from "./grpc-server.fixture.js";

const shout = command<object, object, { tooLoud: { decibels?: number } }>({
  service: "test.v1.Echo",
  name: "Shout",
  errors: { tooLoud: "test.v1.TooLoud" },
});

const opened: { server: GrpcServer; client: Client }[] = [];
afterEach(async () => {
  for (const { server, client } of opened.splice(0)) {
    await client.close();
    await server.close();
  }
});

/** The error of a call that fails with these trailers. */
async function errorOf(trailers: Readonly<Record<string, string>>) {
  const server = await startServer((call) => call.fail({ "grpc-status": "9", ...trailers }));
  const client = connectTo(server);
  opened.push({ server, client });
  return (await shout(client, {}).safe()).error;
}

const any = (typeName: string, value: Uint8Array) =>
  field(3, Uint8Array.from([...field(1, `type.googleapis.com/${typeName}`), ...field(2, value)]));
const loud = Uint8Array.of(8, 90);
const status = toBase64(any("test.v1.TooLoud", loud));
const toJson = (details: unknown) => toBase64(new TextEncoder().encode(JSON.stringify(details)));

describe("an error over gRPC, for a client with plain JSON", () => {
  it("has the fields of the declared error", async () => {
    const error = await errorOf({
      "grpc-status-details-bin": status,
      "potter-status-details-bin": toJson([{ type: "test.v1.TooLoud", json: { decibels: 90 } }]),
    });
    expect(error).toMatchObject({ code: "failed_precondition", name: "tooLoud", detail: { decibels: 90 } });
    expect(error?.details).toEqual([{ typeName: "test.v1.TooLoud", bytes: loud, json: { decibels: 90 } }]);
  });

  it("has them also if the binary details were too large", async () => {
    const error = await errorOf({
      "potter-status-details-bin": toJson([{ type: "test.v1.TooLoud", json: { decibels: 90 } }]),
    });
    expect(error).toMatchObject({ name: "tooLoud", detail: { decibels: 90 } });
  });

  it("is known without its fields if the server sends no JSON", async () => {
    const error = await errorOf({ "grpc-status-details-bin": status });
    expect(error).toMatchObject({ name: "tooLoud", detail: {} });
  });

  it.each(["%", toBase64(Uint8Array.of(123)), toJson({}), toJson([null]), toJson("x")])(
    "is kept when its JSON is malformed: %s",
    async (details) => {
      const error = await errorOf({ "grpc-status-details-bin": status, "potter-status-details-bin": details });
      expect(error).toMatchObject({ code: "failed_precondition", name: "tooLoud", detail: {} });
    },
  );
});
