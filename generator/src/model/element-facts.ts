import type { AnyDesc } from "@bufbuild/protobuf";

/** Facts by element. Elements without options, which almost all are, share the default. */
export class ElementFacts<Desc extends AnyDesc, Facts extends object> {
  private readonly facts: Map<Desc, Facts> = new Map();
  private readonly byDefault: Facts;
  private readonly read: (desc: Desc) => Facts;

  /** `read` is called once for each element that has options. */
  constructor(byDefault: Facts, read: (desc: Desc) => Facts) {
    this.byDefault = Object.freeze(byDefault);
    this.read = read;
  }

  add(desc: Desc): void {
    if (desc.proto.options !== undefined) this.facts.set(desc, Object.freeze(this.read(desc)));
  }

  of(desc: Desc): Facts {
    return this.facts.get(desc) ?? this.byDefault;
  }
}
