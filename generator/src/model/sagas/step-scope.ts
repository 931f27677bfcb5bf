import type { DescField, DescMessage } from "@bufbuild/protobuf";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { type ArgsOf, type Code, type ElementRef, suggest } from "../../diagnostics/index.js";
import type { SagaStep } from "../../gen/potter/v1/options_pb.js";
import type { Contract } from "../contract.js";
import { buildDuration } from "../duration.js";
import { optionNumbers } from "../roles.js";
import { buildVersion } from "./version.js";

/** A saga whose steps are being built. */
export interface SagaScope {
  readonly contract: Contract;
  /** The message that declares it. */
  readonly desc: DescMessage;
  /** The field with its id; undefined: it has none, which is reported. */
  readonly id: DescField | undefined;
}

/** One step that is being built: what its option says, and where its errors are reported. */
export class StepScope implements SagaScope {
  readonly contract: Contract;
  readonly desc: DescMessage;
  readonly id: DescField | undefined;
  readonly options: SagaStep;
  private readonly place: ElementRef & { readonly desc: DescMessage };

  constructor({ contract, desc, id }: SagaScope, options: SagaStep) {
    this.contract = contract;
    this.desc = desc;
    this.id = id;
    this.options = options;
    const option = optionNumbers.saga;
    // A step without a name has no place of its own.
    this.place = { desc, option, ...(options.name !== "" && { focus: `"${options.name}"`, key: "name" }) };
  }

  /** For messages: `step "charge" of Checkout`. */
  get title(): string {
    return `step "${this.options.name}" of ${this.desc.name}`;
  }

  /** Reports an error of the step. */
  report<C extends Code>(code: C, ...args: ArgsOf<C>): void {
    this.contract.diagnostics.report(code, this.place, ...args);
  }

  /** The place of a value that an option of the step has. */
  refTo(option: string): ElementRef {
    return { desc: this.desc, option: optionNumbers.saga, key: option };
  }

  duration(value: Duration | undefined, option: string): number | undefined {
    return buildDuration(value, option, this.place, this.contract.diagnostics, this.title);
  }

  version(value: number | undefined, option: string): number | undefined {
    return buildVersion(value, option, this.place, this.contract.diagnostics, this.title);
  }

  /** Finds the field that an option of the step names. Reports an unknown name. */
  field(message: DescMessage, name: string, option: string): DescField | undefined {
    const found = message.fields.find((field) => field.name === name);
    if (found !== undefined) return found;
    const suggestion = suggest(
      name,
      message.fields.map((field) => field.name),
    );
    const focused = { ...this.refTo(option), focus: `"${name}"` };
    this.contract.diagnostics.report("saga-unknown-field", focused, option, this.title, name, message.name, suggestion);
    return undefined;
  }
}
