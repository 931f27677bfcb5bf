import type { AnyMethod } from "../../../cqrs/index.js";
import type { BoundMethod } from "../../../http/index.js";
import { es } from "../../../message/index.js";
import { ReflectedFiles } from "./reflected-files.js";
import { type ReflectionVersion, reflectionRegistry } from "./reflection-descriptors.js";

/** A request of the reflection service. */
interface ReflectionRequest {
  readonly host: string;
  readonly messageRequest:
    | { readonly case: "fileByFilename" | "fileContainingSymbol" | "allExtensionNumbersOfType"; readonly value: string }
    | { readonly case: "listServices"; readonly value: string }
    | {
        readonly case: "fileContainingExtension";
        readonly value: { readonly containingType: string; readonly extensionNumber: number };
      }
    | { readonly case: undefined };
}

const versions: readonly ReflectionVersion[] = ["v1", "v1alpha"];

/** Creates the methods that describe the methods of an app, and themselves, in both versions of the service. */
export function createReflectionMethods(methods: readonly AnyMethod[]): readonly BoundMethod[] {
  let files: ReflectedFiles | undefined;
  const all = [...methods];
  const bound = versions.map((version): BoundMethod => {
    const registry = reflectionRegistry(version);
    const codecOf = (name: string): AnyMethod["request"] => {
      const schema = registry.getMessage(`grpc.reflection.${version}.${name}`);
      if (schema === undefined) throw new Error(`the reflection service has no message ${name}`);
      return es(schema);
    };
    const response = codecOf("ServerReflectionResponse");
    async function* respond(requests: AsyncIterable<ReflectionRequest>): AsyncGenerator<unknown> {
      for await (const request of requests) {
        files ??= new ReflectedFiles(all);
        const { host } = request;
        const messageResponse = answer(files, request);
        yield response.create({ validHost: host, originalRequest: request, messageResponse });
      }
    }
    return {
      method: {
        service: `grpc.reflection.${version}.ServerReflection`,
        name: "ServerReflectionInfo",
        kind: "query",
        stream: "bidi",
        request: codecOf("ServerReflectionRequest"),
        response,
        http: [],
        errors: {},
      },
      invoke: async (requests) => ({ response: respond(requests as AsyncIterable<ReflectionRequest>) }),
    };
  });
  all.push(...bound.map(({ method }) => method));
  return bound;
}

interface Answer {
  readonly case: string;
  readonly value: unknown;
}

function answer(files: ReflectedFiles, { messageRequest: asked }: ReflectionRequest): Answer {
  switch (asked.case) {
    case "fileByFilename":
      return toFiles(files.byName(asked.value), "file");
    case "fileContainingSymbol":
      return toFiles(files.bySymbol(withoutDot(asked.value)), "symbol");
    case "fileContainingExtension": {
      const { containingType, extensionNumber } = asked.value;
      return toFiles(files.byExtension(withoutDot(containingType), extensionNumber), "extension");
    }
    case "allExtensionNumbersOfType": {
      const baseTypeName = withoutDot(asked.value);
      const extensionNumber = files.extensionsOf(baseTypeName);
      return extensionNumber === undefined
        ? notFound("message")
        : { case: "allExtensionNumbersResponse", value: { baseTypeName, extensionNumber } };
    }
    case "listServices":
      return { case: "listServicesResponse", value: { service: files.services.map((name) => ({ name })) } };
    default:
      return toError(3, "the request asks for nothing: expected one of its fields");
  }
}

function toFiles(found: readonly Uint8Array[] | undefined, what: string): Answer {
  return found === undefined
    ? notFound(what)
    : { case: "fileDescriptorResponse", value: { fileDescriptorProto: found } };
}

function notFound(what: string): Answer {
  return toError(5, `the server has no ${what} of this name`);
}

function toError(errorCode: number, errorMessage: string): Answer {
  return { case: "errorResponse", value: { errorCode, errorMessage } };
}

function withoutDot(name: string): string {
  return name.startsWith(".") ? name.slice(1) : name;
}
