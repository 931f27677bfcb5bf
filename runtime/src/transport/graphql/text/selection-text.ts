import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getNullableType,
  isLeafType,
  isNonNullType,
  isObjectType,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from "graphql";
import { compileText, literal, property, type Refer } from "../../../function-text/index.js";
import { isPure, isSourceResolver, referenceOf, type SourceResolver } from "../schema/index.js";
import { collectFields, findField, type SelectionOptions } from "../selection/index.js";
import { Unsupported, Unwritable } from "./failures.js";
import { planLeaf } from "./leaf-text.js";
import { mayRefer } from "./may-refer.js";
import { planValue, type Selection } from "./plan-value.js";
import type { Frame, ReferencePlan, TextRun, ValuePlan } from "./text-run.js";

const noArguments: Readonly<Record<string, unknown>> = Object.freeze({});

/** Writes an object. */
type WriteObject = (frame: Frame, source: object) => string;

/** How one field of an object becomes text. */
interface FieldText {
  /** Source text of an expression that does the same as `write`, of the frame `f`, the source `s` and a variable `v`. */
  readonly expression?: (refer: Refer) => string;
  readonly request: ((frame: Frame, source: object) => void) | undefined;
  /** Writes the field with its key. */
  readonly write: (frame: Frame, source: object) => string;
}

/** Number of objects after which a selection is compiled as straight-line code, which pays only if it is used often. */
const compileAfter = 100;

/** The planned selection of one object type. */
class SelectionText implements Selection {
  private readonly fields: readonly FieldText[];
  private readonly requesters: readonly NonNullable<FieldText["request"]>[];
  private written = 0;
  private writeObject: WriteObject = (frame, source) => this.writeFields(frame, source);

  constructor(options: SelectionOptions, type: GraphQLObjectType, selections: readonly SelectionSetNode[]) {
    const fields: FieldText[] = [];
    for (const [key, nodes] of collectFields(options, type, selections)) {
      const field = findField(options.schema, type, nodes[0] as FieldNode);
      if (field === undefined) continue;
      fields.push(planField(options, `${fields.length === 0 ? "{" : ","}${JSON.stringify(key)}:`, type, field, nodes));
    }
    this.fields = fields;
    this.requesters = fields.flatMap(({ request }) => request ?? []);
  }

  request(frame: Frame, source: object): void {
    for (const request of this.requesters) request(frame, source);
  }

  write(frame: Frame, source: object): string {
    return this.writeObject(frame, source);
  }

  private writeFields(frame: Frame, source: object): string {
    if (++this.written === compileAfter) this.writeObject = this.compile() ?? this.writeObject;
    const { fields } = this;
    let text = "";
    for (const { write } of fields) text += write(frame, source);
    return fields.length === 0 ? "{}" : `${text}}`;
  }

  private compile(): WriteObject | undefined {
    const { fields } = this;
    if (fields.length === 0) return undefined;
    return compileText((refer) => {
      const parts = fields.map(({ expression, write }) => expression?.(refer) ?? `${refer(write)}(f,s)`);
      return `(f,s)=>{let v;return ${parts.join("+")}+"}"}`;
    });
  }
}

/** Plans the writing of the values of a selected field. */
export function planFieldValue(
  options: SelectionOptions,
  { type }: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): ValuePlan {
  const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  const select = (object: GraphQLObjectType): Selection => new SelectionText(options, object, inner);
  return planValue({ schema: options.schema, mayRefer: mayRefer(options, inner), select }, type);
}

function planField(
  options: SelectionOptions,
  key: string,
  parent: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): FieldText {
  if (field === TypeNameMetaFieldDef) {
    const text = key + JSON.stringify(parent.name);
    return { request: undefined, write: () => text };
  }
  const trait = field.resolve && referenceOf(field.resolve);
  if (trait !== undefined) return planReference(key, field, { trait, value: planFieldValue(options, field, nodes) });
  const read = planRead(field);
  const { type } = field;
  const nullable = getNullableType(type);
  if (isLeafType(nullable)) {
    const writeLeaf = planLeaf(nullable, isNonNullType(type));
    return {
      request: undefined,
      write: (frame, source) => key + writeLeaf(read.read(frame.run, source)),
      expression: (refer) => `${literal(key)}+${refer(writeLeaf)}(${read.expression(refer)})`,
    };
  }
  const value = planFieldValue(options, field, nodes);
  const { request: requestValue } = value;
  return {
    expression: (refer) => `${literal(key)}+${refer(value.write)}(f,${read.expression(refer)})`,
    request: requestValue && ((frame, source) => requestValue(frame, read.read(frame.run, source))),
    write: (frame, source) => key + value.write(frame, read.read(frame.run, source)),
  };
}

/** How a field is read from its source. */
interface ReadText {
  readonly read: (run: TextRun, source: object) => unknown;
  readonly expression: (refer: Refer) => string;
}

function planRead({ args, name, resolve }: GraphQLField<unknown, unknown>): ReadText {
  if (resolve !== undefined) {
    if (!isSourceResolver(resolve)) throw new Unsupported();
    const call: SourceResolver = resolve;
    const isCallPure = isPure(call);
    const read: ReadText["read"] = (run, source) => {
      if (!isCallPure) run.isPure = false;
      return call(source, noArguments, run.context);
    };
    return { read, expression: (refer) => `${refer(read)}(f.run,s)` };
  }
  if (args.length > 0) throw new Unsupported();
  return {
    read: (run, source) => {
      const value = (source as Readonly<Record<string, unknown>>)[name];
      return typeof value === "function" ? callMethod(run, source, value) : value;
    },
    expression: (refer) => `typeof(v=s${property(name)})==="function"?${refer(callMethod)}(f.run,s,v):v`,
  };
}

function callMethod(run: TextRun, source: object, method: object): unknown {
  // Others may need arguments that are not prepared here.
  if (!isSourceResolver(method)) throw new Unwritable();
  run.isPure = false;
  return method.call(source, source, noArguments, run.context);
}

function planReference(key: string, field: GraphQLField<unknown, unknown>, plan: ReferencePlan): FieldText {
  if (!isObjectType(getNullableType(field.type))) throw new Unsupported();
  const required = isNonNullType(field.type);
  return {
    request: (frame, source) => {
      frame.run.isPure = false;
      frame.request(plan, source);
    },
    write: (frame, source) => {
      const text = frame.textOf(plan, source);
      if (text === undefined && required) throw new Unwritable();
      return key + (text ?? "null");
    },
  };
}
