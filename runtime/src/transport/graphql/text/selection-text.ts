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
import { isPure, isSourceResolver, referenceOf, type SourceResolver } from "../schema/index.js";
import { collectFields, findField, type SelectionOptions } from "../selection/index.js";
import { Unsupported, Unwritable } from "./failures.js";
import { planLeaf } from "./leaf-text.js";
import { mayRefer } from "./may-refer.js";
import { planValue, type Selection } from "./plan-value.js";
import type { Frame, ReferencePlan, TextRun, ValuePlan } from "./text-run.js";

const noArguments: Readonly<Record<string, unknown>> = Object.freeze({});

/** How one field of an object becomes text. */
interface FieldText {
  readonly request: ((frame: Frame, source: object) => void) | undefined;
  /** Writes the field with its key. */
  readonly write: (frame: Frame, source: object) => string;
}

/** The planned selection of one object type. */
class SelectionText implements Selection {
  private readonly writers: readonly FieldText["write"][];
  private readonly requesters: readonly NonNullable<FieldText["request"]>[];

  constructor(options: SelectionOptions, type: GraphQLObjectType, selections: readonly SelectionSetNode[]) {
    const fields: FieldText[] = [];
    for (const [key, nodes] of collectFields(options, type, selections)) {
      const field = findField(options.schema, type, nodes[0] as FieldNode);
      if (field === undefined) continue;
      fields.push(planField(options, `${fields.length === 0 ? "{" : ","}${JSON.stringify(key)}:`, type, field, nodes));
    }
    this.writers = fields.map(({ write }) => write);
    this.requesters = fields.flatMap(({ request }) => request ?? []);
  }

  request(frame: Frame, source: object): void {
    for (const request of this.requesters) request(frame, source);
  }

  write(frame: Frame, source: object): string {
    const { writers } = this;
    let text = "";
    for (const write of writers) text += write(frame, source);
    return writers.length === 0 ? "{}" : `${text}}`;
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
    return { request: undefined, write: (frame, source) => key + writeLeaf(read(frame.run, source)) };
  }
  const value = planFieldValue(options, field, nodes);
  const { request: requestValue } = value;
  return {
    request: requestValue && ((frame, source) => requestValue(frame, read(frame.run, source))),
    write: (frame, source) => key + value.write(frame, read(frame.run, source)),
  };
}

function planRead(field: GraphQLField<unknown, unknown>): (run: TextRun, source: object) => unknown {
  const { name, resolve } = field;
  if (resolve !== undefined) {
    if (!isSourceResolver(resolve)) throw new Unsupported();
    const read: SourceResolver = resolve;
    if (isPure(read)) return (run, source) => read(source, noArguments, run.context);
    return (run, source) => {
      run.isPure = false;
      return read(source, noArguments, run.context);
    };
  }
  if (field.args.length > 0) throw new Unsupported();
  return (run, source) => {
    const value = (source as Readonly<Record<string, unknown>>)[name];
    if (typeof value !== "function") return value;
    // Others may need arguments that are not prepared here.
    if (!isSourceResolver(value)) throw new Unwritable();
    run.isPure = false;
    return value.call(source, source, noArguments, run.context);
  };
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
