import { create, fromBinary, isMessage, type Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import type { Violation } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";
import type { Validate } from "../rules/index.js";
import { compileMessage } from "./compile-message.js";

const none: readonly Violation[] = Object.freeze([]);

/** A rule that compiles and still fails does so at a value: a pattern, at bytes that are no text. */
const failed: readonly Violation[] = Object.freeze([
  { field: "", rule: "validation.error", message: "has a value at which a rule cannot be carried out" },
]);

let validator: ReturnType<typeof createValidator> | undefined;

/**
 * Makes checks. protovalidate has the verdict; what is surely valid by the rules compiled here does not get there,
 * since most requests are valid and protovalidate takes many times as long.
 */
export function createValidation(): (codec: AnyCodec) => Validate {
  // Shared by all apps of the process: it is dear to make, and compiles the rules of a type only once.
  validator ??= createValidator();
  const { validate: check } = validator;
  return (codec) => {
    const { schema } = codec;
    const isSurelyValid = compileMessage(schema);
    const validate = (message: Message): readonly Violation[] => {
      const result = check(schema, message);
      if (result.kind === "valid") return [];
      if (result.kind === "error") return failed;
      return result.violations.map((violation) => ({
        field: pathToString(violation.field),
        rule: violation.ruleId,
        message: violation.message || `must satisfy ${violation.ruleId}`,
      }));
    };
    // Compiles the rules: a mistake in them shows now.
    const trial = check(schema, create(schema));
    if (trial.kind === "error")
      throw new Error(`the rules of ${schema.typeName} cannot be carried out`, { cause: trial.error });
    return (given) => {
      // Messages of other libraries go by way of the wire format, which all of them write.
      const message = isMessage(given, schema) ? given : fromBinary(schema, codec.encode(given));
      return isSurelyValid(message) ? none : validate(message);
    };
  };
}
