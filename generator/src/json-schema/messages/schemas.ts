import type { DescEnum, DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import type { OpenApiFacts } from "../../model/index.js";
import { Examples } from "../examples/index.js";
import type { Schema } from "../keywords/index.js";
import {
  Audience,
  type Direction,
  enumSchema,
  isScalarName,
  type References,
  scalarComponent,
  scalarSchema,
  wellKnownComponents,
  wellKnownInline,
} from "../values/index.js";
import { type MessageShape, messageSchema } from "./message-schema.js";
import { hasRequired } from "./required-in-requests.js";

/** Whose schema a component is; undefined: that of a scalar, or one that no type has. */
type Owner = DescMessage | DescEnum | undefined;

/**
 * The schemas of a document. What is asked for, and what that leads to, becomes a component: by its full name, so that
 * it keeps the name whatever else is added. A message of which callers owe more than answers hold has two, the one
 * for callers with `-input` behind its name.
 */
export class Schemas {
  private readonly prefix: string;
  private readonly facts: OpenApiFacts;
  private readonly audience: Audience;
  private readonly wanted: Map<string, { readonly of: Owner; readonly make: () => Schema }> = new Map();
  /** Names that two schemas would have since an option has chosen one of them: the type with the option, and the name. */
  readonly clashes: { readonly desc: DescMessage | DescEnum; readonly name: string }[] = [];
  /** What is known of examples once the components are. */
  readonly examples: Examples = new Examples();
  private readonly of: Readonly<Record<Direction, References>>;

  /** `prefix`: where references find the components, such as `#/components/schemas/`. `audience`: who reads them. */
  constructor(prefix: string, facts: OpenApiFacts, audience: Audience = new Audience(facts)) {
    this.prefix = prefix;
    this.facts = facts;
    this.audience = audience;
    this.of = { input: this.references("input"), output: this.references("output") };
  }

  /** The schema of a whole message, or of some of it, which then stands in its place. */
  message(desc: DescMessage, direction: Direction, shape?: MessageShape): Schema {
    return shape === undefined ? this.of[direction].message(desc) : messageSchema(desc, this.of[direction], shape);
  }

  /** How schemas of fields that stand alone refer to others. */
  referencesOf(direction: Direction): References {
    return this.of[direction];
  }

  /** Adds a component that is of no type; its name must not be one that proto allows. */
  add(name: string, make: () => Schema): Schema {
    return this.refer(name, undefined, make);
  }

  /** All components that were referred to, by name. */
  get components(): { [name: string]: Schema } {
    const made = new Map<string, Schema>();
    // The making of one may ask for others, which are added to the end.
    for (const [name, { make }] of this.wanted) made.set(name, make());
    const resolve = (reference: string) => made.get(reference.slice(this.prefix.length));
    const checked = [...made].map(
      ([name, schema]) => [name, this.examples.keepValid(schema, this.wanted.get(name)?.of, resolve)] as const,
    );
    return Object.fromEntries(checked.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private references(direction: Direction): References {
    const references: References = {
      direction,
      facts: this.facts,
      audience: this.audience,
      message: (desc) => this.referToMessage(desc, references),
      enumeration: (desc) => this.referToEnum(desc),
      scalar: (type) => this.referToScalar(type),
    };
    return references;
  }

  private referToMessage(desc: DescMessage, references: References): Schema {
    const inline = wellKnownInline[desc.typeName];
    if (inline !== undefined) return inline;
    const wellKnown = wellKnownComponents[desc.typeName];
    if (wellKnown !== undefined) return this.refer(desc.typeName, desc, () => wellKnown);
    const [wrapped] = isWrapperDesc(desc) ? desc.fields : [];
    if (wrapped?.scalar !== undefined) return this.referToScalar(wrapped.scalar);
    const name = this.nameOf(desc);
    const own = references.direction === "input" && hasRequired(desc, this.facts) ? `${name}-input` : name;
    return this.refer(own, desc, () => messageSchema(desc, references));
  }

  private referToEnum(desc: DescEnum): Schema {
    if (desc.typeName === "google.protobuf.NullValue") return { type: "null" };
    return this.refer(this.nameOf(desc), desc, () => enumSchema(desc, this.facts));
  }

  private referToScalar(type: ScalarType): Schema {
    const component = scalarComponent(type);
    if (component === undefined) return scalarSchema(type, {}, []);
    return this.refer(component.name, undefined, () => component.schema);
  }

  private refer(name: string, of: Owner, make: () => Schema): Schema {
    const existing = this.wanted.get(name);
    if (existing === undefined) this.wanted.set(name, { of, make });
    else if (existing.of !== of) {
      const desc = [of, existing.of].find((one) => one !== undefined && this.facts.schema(one).name !== undefined);
      if (desc !== undefined) this.clashes.push({ desc, name });
    }
    return { $ref: `${this.prefix}${name}` };
  }

  /** The name that an option sets, or the full name of the type. A message without a package may have a scalar's name. */
  private nameOf(desc: DescMessage | DescEnum): string {
    const byDefault = isScalarName(desc.typeName) ? `${desc.typeName}-type` : desc.typeName;
    return this.facts.schema(desc).name ?? byDefault;
  }
}
