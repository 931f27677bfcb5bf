import { toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto } from "../../../../../generator/src/testing/index.js";
import { PotterError } from "../../../errors/index.js";
import type { HttpResponse, TransportHost } from "../../../http/index.js";
import { writeEnvelope } from "../envelope/index.js";
import { app, envelopesOf, grpcRequest, readAnswer, TestRequest } from "../rpc.fixture.js";
import { healthMessage } from "./health-descriptors.js";

const path = "/grpc.health.v1.Health";
const json = (name: string, body: object) =>
  new TestRequest({
    path: `${path}/${name}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const service = "test.v1.Orders";

/** Sends a request in JSON, and returns the message or the code of the error. */
async function call(host: Partial<TransportHost>, name: string, body: object) {
  const answer = await app([{}], {}, host).send(json(name, body));
  const found = JSON.parse(answer?.text ?? "");
  return found.code ?? found;
}

describe("grpc.health.v1", () => {
  it("has the messages of its proto file", () => {
    const { protoFile } = compileProto({
      "grpc/health/v1/health.proto": `
        syntax = "proto3";
        package grpc.health.v1;
        message HealthCheckRequest {
          string service = 1;
        }
        message HealthCheckResponse {
          enum ServingStatus {
            UNKNOWN = 0;
            SERVING = 1;
            NOT_SERVING = 2;
            SERVICE_UNKNOWN = 3;
          }
          ServingStatus status = 1;
        }
        message HealthListRequest {}
        message HealthListResponse {
          map<string, HealthCheckResponse> statuses = 1;
        }
        service Health {
          rpc Check(HealthCheckRequest) returns (HealthCheckResponse);
          rpc List(HealthListRequest) returns (HealthListResponse);
          rpc Watch(HealthCheckRequest) returns (stream HealthCheckResponse);
        }`,
    });
    const file = { ...(protoFile[0] as (typeof protoFile)[0]), sourceCodeInfo: undefined };
    const own = healthMessage("grpc.health.v1.HealthCheckRequest").file.proto;
    expect(toBinary(FileDescriptorProtoSchema, own)).toEqual(toBinary(FileDescriptorProtoSchema, file as typeof own));
  });

  it("says that the app and its services serve, and knows no others", async () => {
    expect(await call({}, "Check", {})).toEqual({ status: "SERVING" });
    expect(await call({}, "Check", { service })).toEqual({ status: "SERVING" });
    expect(await call({}, "Check", { service: "nope" })).toBe("not_found");
    expect(await call({}, "List", {})).toEqual({
      statuses: { "": { status: "SERVING" }, [service]: { status: "SERVING" } },
    });
  });

  it("says that they do not serve while the store cannot serve calls", async () => {
    const checkReady = () => Promise.reject(new Error("away"));
    expect(await call({ checkReady }, "Check", { service })).toEqual({ status: "NOT_SERVING" });
  });

  it("says that they do not serve as soon as the app stops", async () => {
    let stop = () => {};
    const onStop = (listener: () => void) => {
      stop = listener;
      return () => {};
    };
    const { send } = app([{}], {}, { onStop });
    stop();
    expect(JSON.parse((await send(json("Check", { service })))?.text ?? "")).toEqual({ status: "NOT_SERVING" });
  });

  it("is public, unlike methods of the app", async () => {
    const identify = () => Promise.reject(new PotterError("unauthenticated", "no token"));
    expect(await call({ identify }, "Check", {})).toEqual({ status: "SERVING" });
  });

  it("can be switched off", async () => {
    const answer = await app([{}], { health: false }).send(json("Check", {}));
    expect(answer).toBeUndefined();
  });

  const watch = async (name: string, host: Partial<TransportHost>, signal?: AbortSignal) => {
    const body = writeEnvelope(Uint8Array.of(10, name.length, ...new TextEncoder().encode(name)));
    const { routes } = app([{}], {}, host);
    return (await routes(grpcRequest({ path: `${path}/Watch`, body, ...(signal && { signal }) }))) as HttpResponse;
  };
  const statusesOf = (body: Uint8Array) => envelopesOf(body).map(({ data }) => data[1]);

  it("reports to watchers that the app stops, and ends", async () => {
    let stop = () => {};
    const onStop = (listener: () => void) => {
      stop = listener;
      return () => {};
    };
    const answer = readAnswer(await watch(service, { onStop }));
    setTimeout(() => stop(), 5);
    const { body, trailers } = await answer;
    expect(statusesOf(body)).toEqual([1, 2]);
    expect(trailers?.["grpc-status"]).toBe("14");
  });

  it("reports to watchers that the server stops", async () => {
    const stop = new AbortController();
    const answer = readAnswer(await watch("", {}, stop.signal));
    setTimeout(() => stop.abort(), 5);
    expect(statusesOf((await answer).body)).toEqual([1, 2]);
  });

  it("reports an unknown service to watchers, and does not end", async () => {
    const stop = new AbortController();
    const { body } = await watch("nope", {}, stop.signal);
    const iterator = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    expect(statusesOf((await iterator.next()).value)).toEqual([3]);
    const next = iterator.next();
    expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 20, "waits"))])).toBe("waits");
    stop.abort();
    expect((await next).done).toBe(true);
  });
});
