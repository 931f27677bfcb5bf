import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import * as potter from "../gen/potter/v1/openapi_pb.js";
import { toExternalDocs } from "./document-options.js";
import { readGatewayOperation, readGatewayService, readGnosticOperation } from "./external/index.js";
import type { Header, OperationOptions, ServiceOptions } from "./options.js";
import { toSecurity } from "./security.js";
import { firstSet, set } from "./set.js";

/** The options of a service. Where both set the same, Potter wins over grpc-gateway. */
export function readServiceOptions(service: DescService): ServiceOptions {
  return firstSet<ServiceOptions>(readOwnService(service), readGatewayService(service));
}

/** The options of an rpc. Where several set the same, Potter wins, then gnostic and grpc-gateway. */
export function readOperationOptions(method: DescMethod): OperationOptions {
  return firstSet<OperationOptions>(readOwn(method), readGnosticOperation(method), readGatewayOperation(method));
}

/** Whether an operation, its service or its document has a Potter option. */
export function hasOwnOptions(method: DescMethod): boolean {
  return (
    (readOption(method, potter.openapi_operation) ??
      readOption(method.parent, potter.openapi_service) ??
      readOption(method.parent.file, potter.openapi_document)) !== undefined
  );
}

/** Whether a Potter option sets the operation id of an rpc. */
export function hasOwnOperationId(method: DescMethod): boolean {
  return (readOption(method, potter.openapi_operation)?.operationId ?? "") !== "";
}

function readOwnService(service: DescService): ServiceOptions {
  const options = readOption(service, potter.openapi_service);
  if (options === undefined) return {};
  const { tag, externalDocs, security, hidden } = options;
  return set({ tag, externalDocs: toExternalDocs(externalDocs), security: security.map(toSecurity), hidden });
}

function readOwn(method: DescMethod): OperationOptions {
  const options = readOption(method, potter.openapi_operation);
  if (options === undefined) return {};
  const { operationId, summary, description, tags, security, requestHeaders, responseHeaders, hidden } = options;
  return set({
    operationId,
    summary,
    description,
    tags,
    security: security.map(toSecurity),
    requestHeaders: requestHeaders.map(toHeader),
    responseHeaders: responseHeaders.map(toHeader),
    externalDocs: toExternalDocs(options.externalDocs),
    hidden,
  });
}

function toHeader({ name, description, required, example }: potter.OpenApiHeader): Header {
  return { name, ...set({ description, required, example }) };
}
