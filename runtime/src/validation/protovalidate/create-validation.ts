import { create, fromBinary, type Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator } from "@bufbuild/protovalidate";
import { PotterError, type Violation } from "../../errors/index.js";
import type { AnyCodec } from "../../message/index.js";
import type { Validate } from "../rules/index.js";
import { compileMessage, type MessageCheck } from "./compile-message.js";
import { hasManyValues } from "./has-many-values.js";
import { surelyCompiles } from "./surely-compiles.js";

const none: readonly Violation[] = Object.freeze([]);

/** For a rule that compiles but fails for a value, such as a pattern for bytes that are not valid UTF-8. */
const failed: readonly Violation[] = Object.freeze([
  { field: "", rule: "validation.error", message: "has a value for which a rule cannot be evaluated" },
]);

/** What bounds the cost of a hostile request: of a message with more values, only the first violation is searched for. */
const mostValues = 500;

/** More violations help no caller. */
const mostViolations = 100;

/** The most characters of all paths together. */
const mostCharacters = 20_000;

/** Also keeps a partial update from passing because the violations that it ignores were listed in place of others. */
const incomplete: Violation = Object.freeze({
  field: "",
  rule: "validation.incomplete",
  message: "may have further invalid values, which are not listed",
});

// Shared by all apps of the process: they are expensive to create, and compile the rules of a type only once.
let all: ReturnType<typeof createValidator> | undefined;
let first: ReturnType<typeof createValidator> | undefined;

/**
 * Creates checks. Messages that pass the fast checks compiled here are valid; protovalidate decides about all others. Most
 * requests are valid, and protovalidate takes many times as long.
 */
export function createValidation(): (codec: AnyCodec) => Validate {
  all ??= createValidator();
  const forAll = all;
  return (codec) => {
    const { schema } = codec;
    const { typeName } = schema;
    let isSurelyValid: MessageCheck | undefined;
    const validate = (message: Message): readonly Violation[] => {
      const isLarge = hasManyValues(schema, message, mostValues);
      if (isLarge) first ??= createValidator({ failFast: true });
      const result = ((isLarge && first) || forAll).validate(schema, message);
      if (result.kind === "valid") return [];
      if (result.kind === "error") return failed;
      const listed: Violation[] = [];
      let length = 0;
      for (const { field: path, ruleId: rule, message } of result.violations) {
        const field = pathToString(path);
        // Keys of maps may be as long as the request.
        length += field.length;
        if (listed.length === mostViolations || length > mostCharacters) return [...listed, incomplete];
        listed.push({ field, rule, message: message || `must satisfy ${rule}` });
      }
      if (isLarge) listed.push(incomplete);
      return listed;
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
    const trial = forAll.validate(schema, create(schema));
    if (trial.kind === "error")
      throw new PotterError("internal", `the rules of ${schema.typeName} cannot be compiled`, { cause: trial.error });
    return checked;
  };
}

/** The same as `isMessage` of protobuf-es, which takes longer. */
function isOf(given: unknown, typeName: string): given is Message {
  return (given as Partial<Message> | null | undefined)?.$typeName === typeName;
}
