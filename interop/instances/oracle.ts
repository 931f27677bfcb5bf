import { type DescMessage, fromJson, type JsonValue, type Message } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { PotterError } from "../../runtime/src/errors/index.js";
import { es } from "../../runtime/src/message/index.js";
import { toStrictJson } from "../../runtime/src/message/proto-json/index.js";
import { hasRules, protovalidate, type Validate } from "../../runtime/src/validation/index.js";

/** The runtime's result for some JSON: the violated rules, the error of the codec, or the message. */
export type Verdict =
  | { readonly refused: false; readonly message: Message }
  | { readonly refused: true; readonly rules: readonly string[]; readonly reasons: readonly string[] };

const validator = createValidator();

/** The runtime's codec and its rules, each compared with the library that it replaces. */
export class Oracle {
  private readonly desc: DescMessage;
  private readonly check: Validate | undefined;

  private constructor(desc: DescMessage, check: Validate | undefined) {
    this.desc = desc;
    this.check = check;
  }

  static async create(desc: DescMessage): Promise<Oracle> {
    const codec = es(desc);
    return new Oracle(desc, hasRules(desc) ? (await protovalidate())(codec) : undefined);
  }

  /** The JSON of a message on the wire. */
  write(message: Message): JsonValue {
    return JSON.parse(JSON.stringify(es(this.desc).toJson(message))) as JsonValue;
  }

  /** The rules that reject a message; empty when it is valid. */
  refusals(message: Message): readonly string[] {
    const rules = (this.check?.(message) ?? []).map(({ rule }) => rule);
    const { kind, violations } = validator.validate(this.desc, message);
    // A rule that throws rejects the message, such as a pattern on bytes that are not UTF-8.
    const expected = kind === "error" ? "validation.error" : undefined;
    if ((kind !== "valid") !== rules.length > 0 || (expected !== undefined && rules[0] !== expected)) {
      const theirs = violations?.map(({ ruleId }) => ruleId) ?? kind;
      throw new Error(`protovalidate says ${theirs}, the runtime says ${rules} of ${this.desc.typeName}`);
    }
    return rules;
  }

  decide(json: JsonValue): Verdict {
    let message: Message;
    try {
      message = es(this.desc).fromJson(json);
    } catch (error) {
      if (!(error instanceof PotterError)) throw error;
      if (this.isReadByLibrary(json)) throw new Error(`only the runtime refuses ${JSON.stringify(json)}`);
      const { violations } = error;
      const reasons = violations.map((violation) => violation.message);
      return { refused: true, rules: violations.map(({ rule }) => rule), reasons };
    }
    return this.decideMessage(message);
  }

  private decideMessage(message: Message): Verdict {
    const rules = this.refusals(message);
    if (rules.length > 0) return { refused: true, rules, reasons: [] };
    try {
      this.write(message);
    } catch {
      // Only writing detects missing required fields of proto2.
      return { refused: true, rules: ["json.unwritable"], reasons: [] };
    }
    return { refused: false, message };
  }

  /** Whether the library reads it and it is strict ProtoJSON, which the library does not enforce. */
  private isReadByLibrary(json: JsonValue): boolean {
    try {
      fromJson(this.desc, toStrictJson(this.desc, json, undefined));
      return true;
    } catch {
      return false;
    }
  }
}
