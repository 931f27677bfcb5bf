import type { DescExtension, JsonValue } from "@bufbuild/protobuf";
import { openapi_document, openapi_operation } from "../gen/potter/v1/openapi_pb.js";
import * as potter from "../gen/potter/v1/options_pb.js";
import type { GoNames } from "./go-names.js";
import type { KeptField, LostField, MovedField, Translation } from "./translation.js";
import type { LegacyInfo, LegacyUse, LegacyValue } from "./uses.js";

type Parts = Partial<Omit<Translation, "use">>;

/** Translates an option of Go Potter to potter.v1. */
export function translate(use: LegacyUse, names: GoNames): Translation {
  const parts = read(use, names);
  const empty = { replacement: undefined, why: "", kept: [], moved: [], lost: [], deprecated: false, implied: {} };
  return { ...empty, ...parts, use };
}

function read(use: LegacyUse, names: GoNames): Parts {
  switch (use.option) {
    case "service":
      return readService(use.value);
    case "command":
      return readCommand(use, names);
    case "query":
      return readQuery(use, names);
    case "event":
      return readEvent(use, names);
    case "aggregate":
      return readAggregate(use);
    case "value_object":
      return { why: "a message that is no aggregate, event or read model needs no option" };
    case "error_event":
      return readError(use.value);
  }
}

function readService({ moduleName, transport, enableOpenapi, openapiVersion, openapiInfo }: LegacyValue): Parts {
  return {
    why: "the proto package and the plugins of buf.gen.yaml say what is generated, and createApp says what is served",
    moved: Object.entries(toInfo(openapiInfo)).map(([to, value]) => ({
      ...{ field: "openapi_info", extension: openapi_document as DescExtension, on: "file", to, value },
    })),
    lost: [
      ...lost(moduleName, "module_name", "the proto package names the generated modules"),
      ...lost(
        transport,
        "transport",
        "createApp says which transports serve, and google.api.http declares REST routes",
      ),
      ...lost(enableOpenapi, "enable_openapi", "the plugin protoc-gen-potter-openapi in buf.gen.yaml writes documents"),
      ...lost(openapiVersion, "openapi_version", "the option version=3.0 of protoc-gen-potter-openapi sets it"),
    ],
  };
}

function readCommand({ desc, value }: LegacyUse, names: GoNames): Parts {
  const { aggregate, async, idempotent, timeoutSeconds = 0 } = value;
  const isCreation = aggregate !== undefined && desc.kind === "rpc" && names.createsAggregate(reference(), desc);
  return {
    replacement: potter.command,
    kept: [...keepReference(aggregate, reference()), ...keepSeconds(timeoutSeconds, "timeout_seconds", "timeout")],
    ...readOperation(value),
    lost: [
      ...lost(async, "async", "a command responds when its events are recorded; later work is a saga or a reaction"),
      ...lost(idempotent, "idempotent", "every command runs once for each idempotency key of a caller"),
      ...lostSeconds(timeoutSeconds, "timeout_seconds"),
    ],
    implied: isCreation ? { creates: true } : {},
  };

  function reference(): string {
    return names.aggregate(aggregate ?? "", desc);
  }
}

function readQuery({ desc, value }: LegacyUse, names: GoNames): Parts {
  const { cacheable = false, cacheTtlSeconds = 0, readModel } = value;
  const isKnown = readModel !== undefined && names.isReadModel(readModel, desc);
  return {
    replacement: potter.query,
    kept: [
      ...(isKnown ? [keep("read_model", "read_model", readModel)] : []),
      // Go ignores the time unless the response is cacheable.
      ...(cacheable ? keepSeconds(cacheTtlSeconds, "cache_ttl_seconds", "cache_ttl") : []),
    ],
    ...readOperation(value),
    lost: [
      ...(cacheable && cacheTtlSeconds <= 0 ? lost(true, "cacheable", "cache_ttl needs a time") : []),
      ...(isKnown
        ? []
        : lost(readModel, "read_model", `no message ${readModel} with option (potter.v1.read_model) exists`)),
    ],
  };
}

/** The documentation of an rpc. */
function readOperation({ tags, summary, description, deprecated = false }: LegacyValue): Parts {
  const fields = { summary, description, tags: tags?.slice() } as const;
  return {
    moved: Object.entries(fields).flatMap(([field, value]): MovedField[] =>
      value === undefined || value.length === 0
        ? []
        : [{ field, extension: openapi_operation, on: "element", to: field, value }],
    ),
    deprecated,
  };
}

function readEvent({ desc, value: { eventType, aggregate, version = 0 } }: LegacyUse, names: GoNames): Parts {
  return {
    replacement: potter.event,
    kept: [
      ...(eventType === undefined ? [] : [keep("event_type", "type", eventType)]),
      ...keepReference(aggregate, names.aggregate(aggregate ?? "", desc)),
      ...(version > 0 ? [keep("version", "version", version)] : []),
    ],
    lost: version < 0 ? lost(version, "version", "versions count from 1") : [],
  };
}

function readAggregate({ desc, value: { name, repository } }: LegacyUse): Parts {
  const why = `options refer to the message ${desc.name}`;
  return {
    replacement: potter.aggregate,
    lost: [
      ...(name === desc.name ? [] : lost(name, "name", why)),
      ...lost(repository, "repository", "the store that createApp gets keeps all aggregates"),
    ],
  };
}

function readError({ errorCode, retryable }: LegacyValue): Parts {
  return {
    replacement: potter.error,
    kept: retryable ? [{ field: "retryable", to: "code", value: "CODE_UNAVAILABLE", isSame: false }] : [],
    lost: lost(errorCode, "error_code", "clients recognize an error by its message"),
  };
}

function toInfo(info: LegacyInfo | undefined): Readonly<Record<string, JsonValue>> {
  const { title, version, description, termsOfService, contact, license } = info ?? {};
  const fields = { title, version, description, terms_of_service: termsOfService, contact, license };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value as JsonValue]])),
  );
}

function keep(field: string, to: string, value: JsonValue, isSame = true): KeptField {
  return { field, to, value, isSame };
}

function keepReference(aggregate: string | undefined, reference: string): readonly KeptField[] {
  return aggregate === undefined ? [] : [keep("aggregate", "aggregate", reference, reference === aggregate)];
}

/** Seconds become a google.protobuf.Duration. */
function keepSeconds(seconds: number, field: string, to: string): readonly KeptField[] {
  return seconds > 0 ? [keep(field, to, `${seconds}s`, false)] : [];
}

function lostSeconds(seconds: number, field: string): readonly LostField[] {
  return seconds < 0 ? [{ field, why: "a time limit is more than zero seconds" }] : [];
}

/** A field that is set and has no counterpart. */
function lost(value: unknown, field: string, why: string): readonly LostField[] {
  return value === undefined || value === false ? [] : [{ field, why }];
}
