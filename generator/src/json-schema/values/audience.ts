import type { DescEnum, DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import type { OpenApiFacts } from "../../model/index.js";

/** The readers of a document: those who have some labels of google.api.visibility, or everybody. */
export class Audience {
  private readonly facts: OpenApiFacts;
  /** undefined: everybody. */
  readonly labels: readonly string[] | undefined;

  /** Without `labels`, visibility restricts nothing. */
  constructor(facts: OpenApiFacts, labels?: readonly string[]) {
    this.facts = facts;
    this.labels = labels;
  }

  hidesService(desc: DescService): boolean {
    return this.facts.service(desc).hidden === true || this.lacksLabel(desc);
  }

  hidesMethod(desc: DescMethod): boolean {
    return this.facts.operation(desc).hidden === true || this.lacksLabel(desc);
  }

  /** A hidden type hides the fields of that type. */
  hidesField(desc: DescField): boolean {
    const type = desc.message ?? desc.enum;
    return (
      this.facts.field(desc).hidden === true || this.lacksLabel(desc) || (type !== undefined && this.hidesType(type))
    );
  }

  hidesType(desc: DescMessage | DescEnum): boolean {
    return this.lacksLabel(desc);
  }

  /** Whether the JSON of a message contains a hidden field, at any depth. */
  findsHiddenIn(desc: DescMessage, json: unknown): boolean {
    if (typeof json !== "object" || json === null) return false;
    return desc.fields.some((field) => {
      const present = [field.jsonName, field.name].filter((name) => Object.hasOwn(json, name));
      if (present.length === 0) return false;
      if (this.hidesField(field)) return true;
      const { message } = field;
      if (message === undefined) return false;
      const values = present.flatMap((name) => {
        const value = (json as Record<string, unknown>)[name];
        return field.fieldKind === "message" ? [value] : Object.values((value ?? {}) as object);
      });
      return values.some((value) => this.findsHiddenIn(message, value));
    });
  }

  private lacksLabel(desc: DescService | DescMethod | DescMessage | DescField | DescEnum): boolean {
    const { labels } = this;
    if (labels === undefined) return false;
    const required = this.facts.visibility(desc);
    return required.length > 0 && !required.some((label) => labels.includes(label));
  }
}
