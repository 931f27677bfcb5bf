import { create, fromBinary, type Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import { PotterError, type Violation } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";
import type { Validate } from "../rules/index.js";
import { compileMessage, type MessageCheck } from "./compile-message.js";
import { surelyCompiles } from "./surely-compiles.js";

const none: readonly Violation[] = Object.freeze([]);

/** For a rule that compiles but fails for a value, such as a pattern for bytes that are not valid UTF-8. */
const failed: readonly Violation[] = Object.freeze([
  { field: "", rule: "validation.error", message: "has a value for which a rule cannot be evaluated" },
]);

let validator: ReturnType<typeof createValidator> | undefined;

/**
 * Creates checks. Messages that pass the fast checks compiled here are valid; protovalidate decides about all others. Most
 * requests are valid, and protovalidate takes many times as long.
 */
export function createValidation(): (codec: AnyCodec) => Validate {
  // Shared by all apps of the process: it is expensive to create, and compiles the rules of a type only once.
  validator ??= createValidator();
  const { validate: check } = validator;
  return (codec) => {
    const { schema } = codec;
    const { typeName } = schema;
    let isSurelyValid: MessageCheck | undefined;
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
    const checked: Validate = (given) => {
      // Messages of other libraries are converted by the wire format.
      const message = isOf(given, typeName) ? given : fromBinary(schema, codec.encode(given));
      // Compiled by the first message: an app uses few of its methods soon after its start.
      isSurelyValid ??= compileMessage(schema);
      return isSurelyValid(message) ? none : validate(message);
    };
    // Compiles the rules, so that an error in them is reported now. Those that cannot have one are compiled by the first message
    // that needs them: to parse the CEL of a standard rule takes longer than the rest of the start.
    if (surelyCompiles(schema)) return checked;
    const trial = check(schema, create(schema));
    if (trial.kind === "error")
      throw new PotterError("internal", `the rules of ${schema.typeName} cannot be compiled`, { cause: trial.error });
    return checked;
  };
}

/** The same as `isMessage` of protobuf-es, which takes longer. */
function isOf(given: unknown, typeName: string): given is Message {
  return (given as Partial<Message> | null | undefined)?.$typeName === typeName;
}
