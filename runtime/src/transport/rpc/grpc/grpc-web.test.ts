import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import type { HttpResponse } from "../../../http/index.js";
import { app, envelope, envelopesOf, idOf, TestRequest, toOrder, webTrailersOf } from "../rpc.fixture.js";

const web = (body: Uint8Array | string, type = "application/grpc-web+proto") =>
  new TestRequest({ headers: { "content-type": type }, body, trailers: false, fullDuplex: false });

describe("gRPC-Web", () => {
  it("reports an error in the body, with details and metadata", async () => {
    const invoke = async (_: unknown, { responseHeaders, responseTrailers }: CallOptions) => {
      responseHeaders?.append("x-a", "1");
      responseTrailers?.append("x-b", "2");
      responseTrailers?.append("x-b", "3");
      throw new PotterError("invalid_argument", "naïve", { violations: [{ field: "a", rule: "b", message: "c" }] });
    };
    const answer = await app([{ invoke }]).send(web(envelope("a")));
    expect(answer).toMatchObject({
      status: 200,
      headers: { "content-type": "application/grpc-web+proto", "x-a": "1" },
    });
    expect(webTrailersOf(answer?.body as Uint8Array)).toMatch(
      /^x-b: 2\r\nx-b: 3\r\ngrpc-status: 3\r\ngrpc-message: na%C3%AFve\r\ngrpc-status-details-bin: [\w+/]+\r\n$/,
    );
  });

  it("streams, in base64 piece by piece", async () => {
    async function* items() {
      yield toOrder("a");
      yield toOrder("b");
    }
    const { routes } = app([{ method: { stream: "server" }, invoke: async () => ({ response: items() }) }]);
    const body = Buffer.from(envelope("a")).toString("base64");
    const response = await routes(web(body, "application/grpc-web-text"));
    const pieces: string[] = [];
    for await (const piece of (response as HttpResponse).body as AsyncIterable<Uint8Array>)
      pieces.push(new TextDecoder().decode(piece));
    expect(pieces).toHaveLength(3);
    const decoded = pieces.map((piece) => new Uint8Array(Buffer.from(piece, "base64")));
    expect(decoded.slice(0, 2).map((one) => idOf(envelopesOf(one)[0]?.data))).toEqual(["a", "b"]);
    expect(webTrailersOf(decoded[2] as Uint8Array)).toBe("grpc-status: 0\r\n");
  });

  it("refuses a body that is not base64", async () => {
    const answer = await app([{}]).send(web("!!!", "application/grpc-web-text"));
    const decoded = new Uint8Array(Buffer.from(answer?.text ?? "", "base64"));
    expect(webTrailersOf(decoded)).toContain("grpc-status: 3\r\n");
  });

  it("does not send a line break of metadata as another trailer", async () => {
    const invoke = async (_: unknown, { responseTrailers }: CallOptions) => {
      responseTrailers?.append("x-a", "1\r\ngrpc-status: 0");
      throw new PotterError("aborted", "stop\r\ngrpc-status: 0");
    };
    const answer = await app([{ invoke }]).send(web(envelope("a")));
    expect(webTrailersOf(answer?.body as Uint8Array)).toBe(
      "grpc-status: 10\r\ngrpc-message: stop%0D%0Agrpc-status: 0\r\n",
    );
  });
});
