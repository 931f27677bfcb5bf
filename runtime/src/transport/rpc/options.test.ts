import { describe, expect, it } from "vitest";
import type { RpcOptions } from "./options.js";
import { app, encoded, envelope, grpcRequest, TestRequest } from "./rpc.fixture.js";
import { rpc } from "./rpc.js";

describe("an invalid option of rpc", () => {
  it.each<[RpcOptions, string]>([
    [{ protocols: [] }, "rpc: protocols is empty: expected at least one of connect, grpc, grpc-web"],
    [{ protocols: ["soap" as never] }, 'rpc: protocols is "soap": expected connect, grpc, grpc-web'],
    [{ maxMessageSize: 0 }, "rpc: maxMessageSize is 0: expected bytes, a whole number above 0"],
    [{ maxMessageSize: 2 ** 31 }, "rpc: maxMessageSize is 2147483648"],
    [{ maxTimeout: 1.5 }, "rpc: maxTimeout is 1.5: expected milliseconds"],
    [{ compression: { codings: ["zstd" as never] } }, 'rpc: compression.codings is "zstd": expected gzip, br'],
    [{ compression: { threshold: -1 } }, "rpc: compression.threshold is -1: expected bytes"],
    [{ maxJsonDepth: 0 }, "rpc: maxJsonDepth is 0: expected levels"],
    [{ reflection: "yes" as never }, "rpc: reflection is yes: expected true or false"],
    [{ health: 1 as never }, "rpc: health is 1: expected true or false"],
    [{ etag: "strong" as never }, 'rpc: etag is "strong": expected version, body'],
  ])("is refused: %j", (options, message) => {
    expect(() => rpc(options)).toThrow(message);
  });
});

describe("the protocols of rpc", () => {
  const types = ["application/proto", "application/grpc", "application/grpc-web"];
  const statusesWith = (protocols: RpcOptions["protocols"]) => {
    const { send } = app([{}], protocols && { protocols });
    const body = (type: string) => (type === "application/proto" ? encoded("a") : envelope("a"));
    return Promise.all(
      types.map(
        async (type) => (await send(new TestRequest({ headers: { "content-type": type }, body: body(type) })))?.status,
      ),
    );
  };

  it("are all, unless some are listed", async () => {
    expect(await statusesWith(undefined)).toEqual([200, 200, 200]);
    expect(await statusesWith(["grpc"])).toEqual([415, 200, 415]);
    expect(await statusesWith(["connect", "grpc-web"])).toEqual([200, 415, 200]);
  });

  it("that are not served have no GET either", async () => {
    const { send } = app([{}], { protocols: ["grpc"] });
    const get = new TestRequest({ method: "GET", query: "encoding=json&message={}" });
    expect(await send(get)).toMatchObject({ status: 405, headers: { allow: "OPTIONS, POST" } });
  });
});

it("limits the nesting of JSON", async () => {
  const headers = { "content-type": "application/json" };
  const nested = '{"lines":[{}]}';
  expect((await app([{}]).send(new TestRequest({ headers, body: nested })))?.text).not.toContain("nested");
  const answer = await app([{}], { maxJsonDepth: 2 }).send(new TestRequest({ headers, body: nested }));
  expect(answer?.text).toContain("nested more than 2 levels deep");
});

it("compresses by the listed codings only", async () => {
  const { send } = app([{}], { compression: { codings: [], threshold: 0 } });
  const answer = await send(grpcRequest({ headers: { "grpc-accept-encoding": "gzip" }, body: envelope("a") }));
  expect(answer?.headers).not.toHaveProperty("grpc-encoding");
  const refused = await send(grpcRequest({ headers: { "grpc-encoding": "gzip" }, body: envelope("a", 1) }));
  expect(refused?.headers).toMatchObject({ "grpc-status": "12", "grpc-accept-encoding": "identity" });
});
