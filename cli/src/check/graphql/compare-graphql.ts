import type { AnyDesc } from "@bufbuild/protobuf";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { type Change, CriticalityLevel, diff } from "@graphql-inspector/core";
import { generate, graphql } from "@potter/generator";
import { Diagnostics, lockNames } from "@potter/generator/tooling";
import { buildSchema, type GraphQLSchema } from "graphql";
import { CliError } from "../../cli-error.js";
import type { Contract } from "../contract/index.js";
import { type Finding, graphqlCode, type Place, placeOf, type Severity, sortFindings } from "../findings/index.js";
import { hasComments, withoutComments } from "./comments.js";

/** A contract and the names of its GraphQL schema that potter.lock keeps. */
export interface GraphQLInput {
  /** The contract. */
  readonly contract: Contract;
  /** The request that it was read from. */
  readonly request: CodeGeneratorRequest;
  /** The text of potter.lock; empty: there is none. */
  readonly lock: string;
}

/** Compares the GraphQL schemas of two contracts by graphql-inspector. */
export async function compareGraphQL(base: GraphQLInput, head: GraphQLInput): Promise<readonly Finding[]> {
  // Descriptions are comments of the contract. Those of a contract that was stored without comments have not changed.
  const isCommented = [base, head].every(({ request }) => hasComments(request));
  const [before, now] = [base, head].map((one) => printSchema(one, isCommented));
  if (before === undefined) return [];
  if (now === undefined) {
    return [toFinding("SCHEMA_REMOVED", "the schema has no operations any more", "Query", "breaking", undefined)];
  }
  const places = [placesOf(head, "head"), placesOf(base, "base")];
  const changes = await diff(before, now);
  return sortFindings(changes.map((change) => fromChange(change, places)));
}

/** Builds the schema of a contract; undefined: it has no operations. Throws a CliError if the target reports an error. */
function printSchema(
  { contract, request, lock: recorded }: GraphQLInput,
  isCommented: boolean,
): GraphQLSchema | undefined {
  // Names that are lost are changes of the schema; they must not keep the schema from being built.
  const lock = lockNames(contract.model, recorded, true, new Diagnostics());
  const described = isCommented ? request : withoutComments(request);
  const { files, diagnostics } = generate(described, [{ target: graphql, options: { lock } }], "potter check");
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new CliError(`no GraphQL schema to compare: ${error.code}: ${error.message}`);
  const sdl = files.find(({ name }) => name.endsWith(".graphql"))?.content;
  // Directives of federation are declared by the gateway.
  return sdl === undefined ? undefined : buildSchema(sdl, { assumeValidSDL: true });
}

const severities: Readonly<Record<CriticalityLevel, Severity>> = {
  [CriticalityLevel.Breaking]: "breaking",
  [CriticalityLevel.Dangerous]: "dangerous",
  [CriticalityLevel.NonBreaking]: "compatible",
};

function fromChange({ type, message, path, criticality }: Change, places: readonly Places[]): Finding {
  const element = path ?? "the schema";
  const [name = "", field, argument] = element.split(".");
  const coordinates = [`${name}.${field}(${argument})`, `${name}.${field}`, name];
  // An element that is gone has a place in the base; its parent in the head would say less.
  const found = coordinates.flatMap((one) => places.map((find) => find(one))).find((place) => place !== undefined);
  return toFinding(type, message, element, severities[criticality.level], found);
}

const effects: Readonly<Record<Severity, string>> = {
  breaking: "operations of existing clients fail validation, or their results change type",
  dangerous: "operations of existing clients stay valid, and can receive what they do not expect",
  compatible: "operations of existing clients stay valid",
};

function toFinding(
  type: string,
  message: string,
  element: string,
  severity: Severity,
  place: Place | undefined,
): Finding {
  return {
    code: graphqlCode(type),
    surface: "graphql",
    severity,
    element,
    place,
    message,
    effect: effects[severity],
    remedy:
      severity === "compatible" ? "none is needed" : "restore it, and deprecate what clients should no longer use",
  };
}

type Places = (coordinate: string) => Place | undefined;

/** Finds what a coordinate of the schema stands for, by the names that a lock file would record. */
function placesOf({ contract, lock }: GraphQLInput, side: Place["side"]): Places {
  const elements = new Map<string, string>();
  for (const line of lockNames(contract.model, lock, true, new Diagnostics()).split("\n")) {
    const [, coordinate, element] = /^graphql (\S+) = (\S+)/.exec(line) ?? [];
    if (coordinate !== undefined && element !== undefined) elements.set(coordinate, element);
  }
  return (coordinate) => {
    const element = elements.get(coordinate);
    const desc = element === undefined ? undefined : findElement(contract, element.replace(/\(.*$/, ""));
    return desc && placeOf({ side, ref: { desc } });
  };
}

function findElement({ registry }: Contract, name: string): Exclude<AnyDesc, { kind: "file" }> | undefined {
  const whole = registry.get(name);
  if (whole !== undefined) return whole;
  const at = name.lastIndexOf(".");
  const [parent, own] = [registry.get(name.slice(0, at)), name.slice(at + 1)];
  if (parent?.kind === "service") return parent.methods.find((method) => method.name === own);
  if (parent?.kind === "enum") return parent.values.find((value) => value.name === own);
  if (parent?.kind === "message") return [...parent.fields, ...parent.oneofs].find((member) => member.name === own);
  return undefined;
}
