import { fromBinary, isMessage } from "@bufbuild/protobuf";
import { mapItems } from "../async/index.js";
import { type AnyMethod, type CallResult, isStream, type Middleware } from "../cqrs/index.js";
import type { Validation } from "../validation/index.js";
import { findUndefinedEnums } from "./undefined-enums.js";

/**
 * Validates the responses of handlers against the rules of the contract. An invalid response is an internal error: the log
 * names the fields, the caller sees none of them. A command has taken effect by then. `rpcs`: the methods of services; others,
 * which follow events, are not checked.
 */
export function responseValidation(validators: Validation, rpcs: { has(method: AnyMethod): boolean }): Middleware {
  return (method) => {
    if (!rpcs.has(method)) return undefined;
    const check = createCheck(method, validators);
    if (!isStream(method)) {
      return async (call, next) => {
        const result = await next(call);
        check(result.response);
        return result;
      };
    }
    const checked = (response: unknown): unknown => {
      check(response);
      return response;
    };
    return async (call, next): Promise<CallResult> => {
      const result = await next(call);
      return { ...result, response: mapItems(result.response as AsyncIterable<unknown>, checked) };
    };
  };
}

function createCheck(
  { service, name, response: codec }: AnyMethod,
  validators: Validation,
): (response: unknown) => void {
  const validate = validators(codec);
  const { schema } = codec;
  return (response) => {
    const message = isMessage(response, schema) ? response : fromBinary(schema, codec.encode(response));
    const faults = [
      ...(validate?.(response) ?? []).map((one) => `${one.field || "the message"}: ${one.rule}, ${one.message}`),
      ...findUndefinedEnums(schema, message).map((field) => `${field}: must be a defined value of its enum`),
    ];
    if (faults.length === 0) return;
    throw new Error(
      `${service}.${name} returned a response that violates its contract:\n${faults.map((one) => `  ${one}`).join("\n")}`,
    );
  };
}
