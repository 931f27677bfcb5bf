import type { DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import { readOption } from "../descriptors/index.js";
import { http as httpExtension } from "../gen/google/api/annotations_pb.js";
import type { HttpRule } from "../gen/google/api/http_pb.js";
import * as potter from "../gen/potter/v1/options_pb.js";

/** The role options of a message. A valid message has one. */
export interface MessageRoles {
  readonly aggregate: potter.AggregateOptions | undefined;
  readonly event: potter.EventOptions | undefined;
  readonly error: potter.ErrorOptions | undefined;
  readonly readModel: potter.ReadModelOptions | undefined;
  readonly saga: potter.SagaOptions | undefined;
}

/** The options of an rpc. */
export interface MethodRoles {
  readonly command: potter.CommandOptions | undefined;
  readonly query: potter.QueryOptions | undefined;
  readonly http: HttpRule | undefined;
}

/** Extension numbers of the options, for the location of diagnostics. */
export const optionNumbers = {
  service: potter.service.number,
  command: potter.command.number,
  query: potter.query.number,
  aggregate: potter.aggregate.number,
  event: potter.event.number,
  error: potter.error.number,
  readModel: potter.read_model.number,
  saga: potter.saga.number,
  http: httpExtension.number,
} as const;

export function readMessageRoles(desc: DescMessage): MessageRoles | undefined {
  if (desc.proto.options === undefined) return undefined;
  const roles = {
    aggregate: readOption(desc, potter.aggregate),
    event: readOption(desc, potter.event),
    error: readOption(desc, potter.error),
    readModel: readOption(desc, potter.read_model),
    saga: readOption(desc, potter.saga),
  };
  return Object.values(roles).some((role) => role !== undefined) ? roles : undefined;
}

export function readMethodRoles(desc: DescMethod): MethodRoles {
  return {
    command: readOption(desc, potter.command),
    query: readOption(desc, potter.query),
    http: readOption(desc, httpExtension),
  };
}

export function readServiceOptions(desc: DescService): potter.ServiceOptions | undefined {
  return readOption(desc, potter.service);
}

/** Returns whether a service or one of its rpcs has an option of Potter. */
export function isAnnotated(service: DescService): boolean {
  return (
    readServiceOptions(service) !== undefined ||
    service.methods.some((method) => readOption(method, potter.command) ?? readOption(method, potter.query))
  );
}

export function readFieldOptions(desc: DescMessage["fields"][number]): potter.FieldOptions | undefined {
  return readOption(desc, potter.field);
}

/** Returns whether a field is marked as personal data. */
export function isPersonal(desc: DescMessage["fields"][number]): boolean {
  return readFieldOptions(desc)?.personal === true;
}

const queryName = /^(Get|List|BatchGet|Search|Query|Find|Count|Watch)(?![a-z])/;

/** Returns whether an rpc without a role option is a query: it declares no side effects, is bound to GET, or has a query name. */
export function isQueryByConvention(desc: DescMethod, { http }: MethodRoles): boolean {
  if (desc.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS) return true;
  if (desc.idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT) return false;
  if (http !== undefined && http.pattern.case !== undefined) return http.pattern.case === "get";
  return queryName.test(desc.name);
}
