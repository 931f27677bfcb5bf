import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  file_google_protobuf_any,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, it, vi } from "vitest";
import type { AnyMethod } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { es } from "../../message/index.js";
import type { RestOptions } from "./options.js";
import { app, type Setup, variable } from "./rest.fixture.js";

const field = (name: string, number: number, type: Type, typeName = "") => ({
  name,
  jsonName: name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
  number,
  type,
  typeName,
  label: Label.OPTIONAL,
});
const fileOf = (name: string, init: object): FileDescriptorProto =>
  create(FileDescriptorProtoSchema, { name, syntax: "proto3", ...init });
const httpBody = fileOf("google/api/httpbody.proto", {
  package: "google.api",
  dependency: [file_google_protobuf_any.proto.name],
  messageType: [
    {
      name: "HttpBody",
      field: [
        field("content_type", 1, Type.STRING),
        field("data", 2, Type.BYTES),
        { ...field("extensions", 3, Type.MESSAGE, ".google.protobuf.Any"), label: Label.REPEATED },
      ],
    },
  ],
});
const files = fileOf("test/files.proto", {
  package: "test",
  dependency: [httpBody.name],
  messageType: [
    {
      name: "File",
      field: [
        field("file_id", 1, Type.STRING),
        field("folder", 2, Type.STRING),
        field("content", 3, Type.MESSAGE, ".google.api.HttpBody"),
      ],
    },
  ],
});
const registry = createFileRegistry(files, (name) =>
  [httpBody, file_google_protobuf_any.proto].find((one) => one.name === name),
);
const File = es(registry.getMessage("test.File") as DescMessage);
const Body = es(registry.getMessage("google.api.HttpBody") as DescMessage);

const bytes = (...values: number[]) => Uint8Array.from(values) as Uint8Array<ArrayBuffer>;
const everything = bytes(...Array.from({ length: 256 }, (_, index) => index));

function sender(http: Setup["http"], method: Partial<AnyMethod>, invoke?: Setup["invoke"], options?: RestOptions) {
  const { handle } = app([{ http, method, ...(invoke && { invoke }) }], options);
  return async (path: string, init: RequestInit = {}) => {
    const response = await handle(new Request(`http://test${path}`, { method: http.method, ...init }));
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      headers: response.headers,
      bytes: new Uint8Array(await response.arrayBuffer()),
    };
  };
}

const upload = { method: "PUT", segments: ["files", variable("file_id", "*")], body: "content" };
const asFile = { request: File, response: File } as unknown as Partial<AnyMethod>;
const asBody = { request: File, response: Body } as unknown as Partial<AnyMethod>;

describe("a body that is a google.api.HttpBody", () => {
  it("has the sent bytes and their type", async () => {
    let seen: unknown;
    const send = sender(upload, asFile, async (request) => {
      seen = request;
      return { response: File.create() };
    });
    const answer = await send("/files/a%20b?folder=f", {
      body: everything,
      headers: { "content-type": "image/png; x=1" },
    });
    expect(answer.status).toBe(200);
    expect(seen).toMatchObject({
      fileId: "a b",
      folder: "f",
      content: { contentType: "image/png; x=1", data: everything },
    });
  });

  it.each(["application/json", "application/x-protobuf", ""])("is not parsed, also if it is %s", async (type) => {
    const send = sender({ method: "POST", segments: ["files"], body: "*" }, { request: Body, response: Body } as never);
    const body = new TextEncoder().encode("{ no json");
    const answer = await send("/files", { body, headers: { "content-type": type } });
    expect([answer.status, answer.bytes]).toEqual([200, body]);
  });

  it("may be empty, and is limited in size", async () => {
    const send = sender(upload, { ...asFile, request: File } as never, undefined, { maxBodySize: 10 });
    expect((await send("/files/1")).status).toBe(200);
    expect((await send("/files/1", { body: everything })).status).toBe(413);
  });
});

describe("a response that is a google.api.HttpBody", () => {
  const get = { method: "GET", segments: ["files"] };
  const answering = (contentType: string, http: Partial<Setup["http"]> = {}) =>
    sender({ ...get, ...http }, asBody, async () => ({ response: Body.create({ contentType, data: everything }) }));

  it("has the bytes and the type of the message, whatever the client accepts", async () => {
    const answer = await answering("image/png")("/files", { headers: { accept: "text/html" } });
    expect([answer.status, answer.type, answer.bytes]).toEqual([200, "image/png", everything]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each(["", "text/html\r\nset-cookie: a=b", " text/plain", "grün"])(
    "of the type %j is of no known type",
    async (type) => {
      expect((await answering(type)("/files")).type).toBe("application/octet-stream");
    },
  );

  it("may be one field, also one that is not set", async () => {
    const one = { ...get, responseBody: "content" };
    const content = { contentType: "text/plain", data: bytes(65) };
    const full = await sender(one, asFile, async () => ({ response: File.create({ content }) }))("/files");
    expect([full.type, full.bytes]).toEqual(["text/plain", bytes(65)]);
    const none = await sender(one, asFile, async () => ({ response: File.create() }))("/files");
    expect([none.status, none.type, none.bytes.length]).toEqual([200, "application/octet-stream", 0]);
  });

  it("answers HEAD with its length", async () => {
    const head = await answering("image/png")("/files", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), head.bytes.length]).toEqual([200, "256", 0]);
  });

  it("has a tag if other bodies have one", async () => {
    const invoke = async () => ({ response: Body.create({ data: everything }) });
    const send = sender(get, asBody, invoke, { etag: "body" });
    const etag = (await send("/files")).headers.get("etag") ?? "";
    expect((await send("/files", { headers: { "if-none-match": etag } })).status).toBe(304);
  });
});

describe("a stream of google.api.HttpBody", () => {
  const get = { method: "GET", segments: ["files"] };
  const stream = { ...asBody, stream: "server" } as Partial<AnyMethod>;
  const part = (contentType: string, ...data: number[]) => Body.create({ contentType, data: bytes(...data) });
  const streaming = (items: () => AsyncIterable<unknown>) => sender(get, stream, async () => ({ response: items() }));

  it("is one body, of the type of the first part", async () => {
    const send = streaming(async function* () {
      yield part("text/csv", 1, 2);
      yield part("", 3);
    });
    const answer = await send("/files");
    expect([answer.status, answer.type, answer.bytes]).toEqual([200, "text/csv", bytes(1, 2, 3)]);
  });

  it("may be empty", async () => {
    const answer = await streaming(async function* () {})("/files");
    expect([answer.status, answer.type, answer.bytes.length]).toEqual([200, null, 0]);
  });

  it("is a problem if it fails before the first part, and is aborted if it fails later", async () => {
    const early = streaming(async function* () {
      yield* [];
      throw new PotterError("not_found", "no such file");
    });
    expect((await early("/files")).status).toBe(404);
    const late = streaming(async function* () {
      yield part("text/csv", 1);
      throw new PotterError("unavailable", "gone");
    });
    await expect(late("/files")).rejects.toThrow();
  });

  it("is returned when the client stops reading", async () => {
    const returned = vi.fn();
    const { handle } = app([
      {
        http: get,
        method: stream,
        invoke: async () => ({
          response: (async function* () {
            try {
              for (;;) yield part("text/csv", 1);
            } finally {
              returned();
            }
          })(),
        }),
      },
    ]);
    const response = await handle(new Request("http://test/files"));
    await response.body?.cancel();
    await vi.waitFor(() => expect(returned).toHaveBeenCalled());
  });
});
