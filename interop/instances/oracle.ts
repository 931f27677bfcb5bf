import { type DescMessage, fromJson, type JsonValue, type Message } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { PotterError } from "../../runtime/src/errors/index.js";
import { es } from "../../runtime/src/message/index.js";
import { toStrictJson } from "../../runtime/src/message/proto-json/index.js";
import { loadValidation, type Validate } from "../../runtime/src/validation/index.js";

/** What the runtime says of some JSON: by which rules it is refused and, by the codec, in which words; or the message that it is. */
export type Verdict =
  | { readonly refused: false; readonly message: Message }
  | { readonly refused: true; readonly rules: readonly string[]; readonly reasons: readonly string[] };

const validator = createValidator();

/** The runtime's codec and its rules, each beside the library that it stands for. */
export class Oracle {
  private readonly desc: DescMessage;
  private readonly check: Validate | undefined;

  private constructor(desc: DescMessage, check: Validate | undefined) {
    this.desc = desc;
    this.check = check;
  }

  static async create(desc: DescMessage): Promise<Oracle> {
    const codec = es(desc);
    return new Oracle(desc, (await loadValidation([codec]))(codec));
  }

  /** The JSON of a message, as it goes over the wire. */
  write(message: Message): JsonValue {
    return JSON.parse(JSON.stringify(es(this.desc).toJson(message))) as JsonValue;
  }

  /** Why a message is refused: rules, with the places that they are at. None: it is valid. */
  refusals(message: Message): readonly string[] {
    const rules = (this.check?.(message) ?? []).map(({ rule }) => rule);
    const { kind, violations } = validator.validate(this.desc, message);
    // What a rule fails at counts as refused: a pattern, at bytes that are no text.
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
      // Fields of proto2 that are required are missed only when the message is written.
      return { refused: true, rules: ["json.unwritable"], reasons: [] };
    }
    return { refused: false, message };
  }

  /** Whether the library reads it, and it is ProtoJSON to the letter, which the library is not strict about. */
  private isReadByLibrary(json: JsonValue): boolean {
    try {
      fromJson(this.desc, toStrictJson(this.desc, json, undefined));
      return true;
    } catch {
      return false;
    }
  }
}
