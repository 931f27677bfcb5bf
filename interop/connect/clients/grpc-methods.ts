import { type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { ConformanceService } from "../gen/connectrpc/conformance/v1/service_pb.js";

/** A method as grpc-js and nice-grpc want it described. */
export interface GrpcMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (message: Message) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Message;
  readonly responseSerialize: (message: Message) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Message;
  readonly options: object;
}

/** The methods of the service, by local name. The generators and loaders of those libraries make the same. */
export const methods = Object.fromEntries(
  Object.entries(ConformanceService.method).map(
    ([localName, { name, input, output, methodKind }]): [string, GrpcMethod] => [
      localName,
      {
        path: `/${ConformanceService.typeName}/${name}`,
        requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
        responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
        requestSerialize: serializer(input),
        requestDeserialize: deserializer(input),
        responseSerialize: serializer(output),
        responseDeserialize: deserializer(output),
        options: {},
      },
    ],
  ),
) as { readonly [K in keyof typeof ConformanceService.method]: GrpcMethod };

function serializer(schema: DescMessage): GrpcMethod["requestSerialize"] {
  return (message) => Buffer.from(toBinary(schema, message));
}

function deserializer(schema: DescMessage): GrpcMethod["requestDeserialize"] {
  return (bytes) => fromBinary(schema, bytes);
}
