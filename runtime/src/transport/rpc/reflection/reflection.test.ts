import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto } from "../../../../../generator/src/testing/index.js";
import type { AnyMethod } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { es } from "../../../message/index.js";
import { app, TestRequest } from "../rpc.fixture.js";
import { ReflectedFiles } from "./reflected-files.js";
import { reflectionRegistry } from "./reflection-descriptors.js";

const files = {
  "shop/v1/messages.proto": `
    syntax = "proto3";
    package shop.v1;
    import "google/protobuf/timestamp.proto";
    message Order {
      message Line { string sku = 1; }
      enum Status { STATUS_UNSPECIFIED = 0; }
      map<string, Line> lines = 1;
      google.protobuf.Timestamp at = 2;
    }
    message Closed { string by = 1; }`,
  "shop/v1/service.proto": `
    syntax = "proto3";
    package shop.v1;
    import "shop/v1/messages.proto";
    service Orders {
      rpc Get(GetRequest) returns (Order);
      rpc Watch(GetRequest) returns (stream Order);
    }
    message GetRequest { string id = 1; }`,
  "shop/v1/old.proto": `
    syntax = "proto2";
    package shop.v1;
    message Open { extensions 100 to 200; }
    extend Open { optional string note = 101; optional string more = 100; }`,
};
const { protoFile } = compileProto(files);
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: protoFile }));
const codecOf = (name: string) => {
  const schema = registry.getMessage(`shop.v1.${name}`);
  if (schema === undefined) throw new Error(`no message ${name}`);
  return es(schema);
};
const methodOf = (name: string, request: string, response: string, more: Partial<AnyMethod> = {}): AnyMethod =>
  ({
    service: "shop.v1.Orders",
    name,
    kind: "query",
    stream: "unary",
    request: codecOf(request),
    response: codecOf(response),
    http: [],
    errors: {},
    ...more,
  }) as AnyMethod;

const decode = (found: readonly Uint8Array[] | undefined) =>
  found?.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes)) ?? [];
const namesOf = (found: readonly Uint8Array[] | undefined) => decode(found).map(({ name }) => name);

describe("reflected files", () => {
  const reflected = new ReflectedFiles([
    methodOf("Get", "GetRequest", "Order", { errors: { closed: { code: "aborted", codec: codecOf("Closed") } } }),
    methodOf("Note", "GetRequest", "Open"),
  ]);

  it("are those of the messages and all that they import, each after the one that was asked for", () => {
    const all = ["shop/v1/service.proto", "shop/v1/messages.proto", "google/protobuf/timestamp.proto"];
    expect(namesOf(reflected.byName("shop/v1/service.proto"))).toEqual(all);
    expect(namesOf(reflected.bySymbol("shop.v1.Orders"))).toEqual(all);
    expect(namesOf(reflected.bySymbol("shop.v1.Orders.Watch"))).toEqual(all);
    for (const symbol of ["Order", "Order.Line", "Order.LinesEntry", "Order.Status", "Closed"]) {
      expect(namesOf(reflected.bySymbol(`shop.v1.${symbol}`))).toEqual(all.slice(1));
    }
    expect(namesOf(reflected.bySymbol("google.rpc.BadRequest.FieldViolation"))[0]).toBe(
      "google/rpc/error_details.proto",
    );
  });

  it("are complete: they can be linked", () => {
    const linked = createFileRegistry(
      create(FileDescriptorSetSchema, { file: decode(reflected.bySymbol("shop.v1.Orders")).reverse() }),
    );
    expect(linked.getMessage("shop.v1.Order")?.fields.map(({ name }) => name)).toEqual(["lines", "at"]);
  });

  it("have the extensions of messages", () => {
    expect(reflected.extensionsOf("shop.v1.Open")).toEqual([100, 101]);
    expect(reflected.extensionsOf("shop.v1.Order")).toEqual([]);
    expect(reflected.extensionsOf("shop.v1.Nope")).toBeUndefined();
    expect(namesOf(reflected.byExtension("shop.v1.Open", 101))).toEqual(["shop/v1/old.proto"]);
    expect(reflected.byExtension("shop.v1.Open", 102)).toBeUndefined();
    expect(namesOf(reflected.bySymbol("shop.v1.note"))).toEqual(["shop/v1/old.proto"]);
  });

  it("know no others", () => {
    expect(reflected.byName("nope.proto")).toBeUndefined();
    expect(reflected.bySymbol("shop.v1.Nope")).toBeUndefined();
  });
});

describe("a service of which the messages do not have the descriptor", () => {
  // Of ts-proto, and where the service is in another file than its messages.
  const reflected = new ReflectedFiles([
    methodOf("Put", "Order", "Closed"),
    methodOf("Chat", "Order", "Order", { stream: "bidi" }),
  ]);

  it("is described by its methods", () => {
    const [file, ...imports] = decode(reflected.bySymbol("shop.v1.Orders"));
    expect(file?.name).toBe("shop/v1/Orders.service.proto");
    expect(file?.service[0]?.method).toMatchObject([
      { name: "Put", inputType: ".shop.v1.Order", outputType: ".shop.v1.Closed", serverStreaming: false },
      { name: "Chat", clientStreaming: true, serverStreaming: true },
    ]);
    expect(imports.map(({ name }) => name)).toContain("shop/v1/messages.proto");
  });
});

describe("a file of which each module has a part", () => {
  const part = (keep: (name: string) => boolean) => {
    const file = protoFile.map((one) =>
      one.name === "shop/v1/messages.proto"
        ? { ...one, messageType: one.messageType.filter(({ name }) => keep(name)) }
        : one,
    );
    const only = file.filter(({ name }) => !name.includes("service") && !name.includes("old"));
    return createFileRegistry(create(FileDescriptorSetSchema, { file: only as FileDescriptorProto[] }));
  };
  const first = part((name) => name === "Order").getMessage("shop.v1.Order");
  const second = part((name) => name === "Closed").getMessage("shop.v1.Closed");

  it("is whole", () => {
    if (first === undefined || second === undefined) throw new Error("no parts");
    const reflected = new ReflectedFiles([
      { ...methodOf("Put", "Order", "Closed"), request: es(first), response: es(second) },
    ]);
    const file = decode(reflected.bySymbol("shop.v1.Closed"))[0];
    expect(file?.messageType.map(({ name }) => name)).toEqual(["Order", "Closed"]);
    expect(namesOf(reflected.bySymbol("shop.v1.Order"))).toEqual(namesOf(reflected.bySymbol("shop.v1.Closed")));
  });
});

describe.each(["v1", "v1alpha"] as const)("grpc.reflection.%s", (version) => {
  const service = `grpc.reflection.${version}.ServerReflection`;
  const send = async (
    requests: readonly object[],
    host = {},
    options: { reflection?: boolean } = { reflection: true },
  ) => {
    const { send: sendTo } = app([{ method: methodOf("Get", "GetRequest", "Order") }], options, host);
    const body = Buffer.concat(
      requests.map((request) => {
        const text = Buffer.from(JSON.stringify(request));
        return Buffer.concat([Buffer.from([0, 0, 0, 0, text.length]), text]);
      }),
    );
    const headers = { "content-type": "application/grpc+json" };
    const answer = await sendTo(new TestRequest({ path: `/${service}/ServerReflectionInfo`, headers, body }));
    const messages: { readonly [name: string]: never }[] = [];
    const bytes = Buffer.from(answer?.body ?? []);
    for (let at = 0; at < bytes.length; ) {
      const end = at + 5 + bytes.readUInt32BE(at + 1);
      messages.push(JSON.parse(bytes.subarray(at + 5, end).toString()));
      at = end;
    }
    return { answer, messages };
  };

  it("answers each request of a stream", async () => {
    const { answer, messages } = await send([
      { host: "h", listServices: "" },
      { fileContainingSymbol: ".shop.v1.Order" },
      { fileByFilename: "shop/v1/messages.proto" },
      { fileContainingSymbol: "shop.v1.Nope" },
      { fileByFilename: "nope.proto" },
      { fileContainingExtension: { containingType: "shop.v1.Order", extensionNumber: 1 } },
      { allExtensionNumbersOfType: "shop.v1.Order" },
      { allExtensionNumbersOfType: "shop.v1.Nope" },
      {},
    ]);
    expect(answer?.trailers).toEqual({ "grpc-status": "0" });
    const [list, symbol, file, ...errors] = messages;
    expect(list).toMatchObject({
      validHost: "h",
      originalRequest: { listServices: "" },
      listServicesResponse: {
        service: [
          { name: "grpc.health.v1.Health" },
          { name: "grpc.reflection.v1.ServerReflection" },
          { name: "grpc.reflection.v1alpha.ServerReflection" },
          { name: "shop.v1.Orders" },
        ],
      },
    });
    expect(symbol?.["fileDescriptorResponse"]).toEqual(file?.["fileDescriptorResponse"]);
    const [noSymbol, noFile, noExtension, extensions, noMessage, nothing] = errors;
    for (const one of [noSymbol, noFile, noExtension, noMessage]) {
      expect(one).toMatchObject({ errorResponse: { errorCode: 5 } });
    }
    expect(extensions).toMatchObject({ allExtensionNumbersResponse: { baseTypeName: "shop.v1.Order" } });
    expect(nothing).toMatchObject({ errorResponse: { errorCode: 3 } });
  });

  it("describes itself", async () => {
    const { messages } = await send([{ fileContainingSymbol: service }]);
    const [message] = messages as unknown as [
      { readonly fileDescriptorResponse: { readonly fileDescriptorProto: readonly string[] } },
    ];
    const { fileDescriptorProto } = message.fileDescriptorResponse;
    const [own] = decode(fileDescriptorProto.map((text) => Buffer.from(text, "base64")));
    expect(own?.name).toBe(`grpc/reflection/${version}/reflection.proto`);
  });

  it("asks for the caller, and is off by default", async () => {
    const identify = () => Promise.reject(new PotterError("unauthenticated", "no token"));
    expect((await send([], { identify })).answer?.headers["grpc-status"]).toBe("16");
    expect((await send([], {}, {})).answer?.headers["grpc-status"]).toBe("12");
  });

  it("has the messages of its proto file", () => {
    const name = `grpc/reflection/${version}/reflection.proto`;
    const { protoFile: compiled } = compileProto({
      [name]: `
        syntax = "proto3";
        package grpc.reflection.${version};
        service ServerReflection {
          rpc ServerReflectionInfo(stream ServerReflectionRequest) returns (stream ServerReflectionResponse);
        }
        message ServerReflectionRequest {
          string host = 1;
          oneof message_request {
            string file_by_filename = 3;
            string file_containing_symbol = 4;
            ExtensionRequest file_containing_extension = 5;
            string all_extension_numbers_of_type = 6;
            string list_services = 7;
          }
        }
        message ExtensionRequest {
          string containing_type = 1;
          int32 extension_number = 2;
        }
        message ServerReflectionResponse {
          string valid_host = 1;
          ServerReflectionRequest original_request = 2;
          oneof message_response {
            FileDescriptorResponse file_descriptor_response = 4;
            ExtensionNumberResponse all_extension_numbers_response = 5;
            ListServiceResponse list_services_response = 6;
            ErrorResponse error_response = 7;
          }
        }
        message FileDescriptorResponse {
          repeated bytes file_descriptor_proto = 1;
        }
        message ExtensionNumberResponse {
          string base_type_name = 1;
          repeated int32 extension_number = 2;
        }
        message ListServiceResponse {
          repeated ServiceResponse service = 1;
        }
        message ServiceResponse {
          string name = 1;
        }
        message ErrorResponse {
          int32 error_code = 1;
          string error_message = 2;
        }`,
    });
    const expected = { ...(compiled[0] as FileDescriptorProto), sourceCodeInfo: undefined } as FileDescriptorProto;
    const own = reflectionRegistry(version).getFile(name)?.proto as FileDescriptorProto;
    expect(toBinary(FileDescriptorProtoSchema, own)).toEqual(toBinary(FileDescriptorProtoSchema, expected));
  });
});
