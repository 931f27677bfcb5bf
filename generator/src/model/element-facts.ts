import type { AnyDesc } from "@bufbuild/protobuf";

/**
 * The facts of each element, resolved once, on first use: decoding options is expensive, and not every target uses them.
 * Elements without options, which almost all are, share the default.
 */
export class ElementFacts<Desc extends AnyDesc, Facts extends object> {
  private readonly resolved: WeakMap<Desc, Facts> = new WeakMap();
  private readonly byDefault: Facts;
  private readonly read: (desc: Desc) => Facts;

  /** `read` is called only for elements that have options. */
  constructor(byDefault: Facts, read: (desc: Desc) => Facts) {
    this.byDefault = Object.freeze(byDefault);
    this.read = read;
  }

  of(desc: Desc): Facts {
    if (desc.proto.options === undefined) return this.byDefault;
    let facts = this.resolved.get(desc);
    if (facts === undefined) {
      facts = Object.freeze(this.read(desc));
      this.resolved.set(desc, facts);
    }
    return facts;
  }
}
