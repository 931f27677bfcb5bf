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
import { knownSchema } from "./known-schemas.js";
import { type MessageShape, messageSchema } from "./message-schema.js";
import { hasRequired } from "./required-in-requests.js";

/** The type that owns a component; undefined for scalars and for components without a type. */
type Owner = DescMessage | DescEnum | undefined;

/**
 * The schemas of a document. Every schema that is requested, and every schema it refers to, becomes a component under
 * the full name of its type, which additions do not change. A message whose requests require more than its responses
 * contain has two components; that for requests has the suffix `-input`.
 */
export class Schemas {
  private readonly prefix: string;
  private readonly facts: OpenApiFacts;
  private readonly audience: Audience;
  private readonly wanted: Map<string, { readonly of: Owner; readonly make: () => Schema }> = new Map();
  /** Names that an option sets although another schema has them. */
  readonly clashes: { readonly desc: DescMessage | DescEnum; readonly name: string }[] = [];
  /** The examples, complete after `components` was read. */
  readonly examples: Examples = new Examples();
  private readonly of: Readonly<Record<Direction, References>>;

  /**
   * `prefix`: the location of the components, such as `#/components/schemas/`. `audience`: the readers of the
   * document.
   */
  constructor(prefix: string, facts: OpenApiFacts, audience: Audience = new Audience(facts)) {
    this.prefix = prefix;
    this.facts = facts;
    this.audience = audience;
    this.of = { input: this.references("input"), output: this.references("output") };
  }

  /** The schema of a whole message, or, with a shape, an inline schema of a part of it. */
  message(desc: DescMessage, direction: Direction, shape?: MessageShape): Schema {
    return shape === undefined ? this.of[direction].message(desc) : messageSchema(desc, this.of[direction], shape);
  }

  /** The references for schemas of single fields. */
  referencesOf(direction: Direction): References {
    return this.of[direction];
  }

  /** Adds a component that belongs to no type. Its name must not be a valid proto name. */
  add(name: string, make: () => Schema): Schema {
    return this.refer(name, undefined, make);
  }

  /** All components that were referred to, by name. */
  get components(): { [name: string]: Schema } {
    const made = new Map<string, Schema>();
    // Building a component may request others, which are appended.
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
    return this.refer(own, desc, () => knownSchema(desc, references, this.prefix));
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
