import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isLeafType,
  isObjectType,
} from "graphql";
import type { Random } from "./zoo.fixture.js";

/** Creates a random document with aliases, colliding keys, nested fragments and conditions. */
export function createQuery(schema: GraphQLSchema, random: Random): string {
  const fragments: string[] = [];
  const writeField = (field: GraphQLField<unknown, unknown>, depth: number): string => {
    const alias = random() < 0.3 ? `${field.name}_${Math.floor(random() * 3)}: ` : "";
    const chance = random();
    const condition = chance < 0.1 ? " @skip(if: $yes)" : chance < 0.2 ? " @include(if: $no)" : "";
    const type = getNamedType(field.type);
    return `${alias}${field.name}${writeArguments(field, random)}${condition}${isLeafType(type) ? "" : ` ${write(type, depth + 1)}`}`;
  };
  const write = (type: GraphQLNamedType, depth: number): string => {
    const parts: string[] = ["__typename"];
    if ((isObjectType(type) || isInterfaceType(type)) && depth < 4) {
      for (const field of Object.values(type.getFields())) if (random() < 0.6) parts.push(writeField(field, depth));
    }
    if (isAbstractType(type)) {
      for (const object of schema.getPossibleTypes(type)) {
        if (random() < 0.5) parts.push(`... on ${object.name} ${write(object, depth + 1)}`);
        else
          parts.push(
            `...F${fragments.push(`fragment F${fragments.length} on ${object.name} ${write(object, depth + 1)}`) - 1}`,
          );
      }
    }
    return `{ ${parts.join(" ")} }`;
  };
  const body = write(schema.getQueryType() as GraphQLNamedType, 0);
  return [`query ($yes: Boolean = true, $no: Boolean = false, $id: ID, $first: Int) ${body}`, ...fragments].join("\n");
}

function writeArguments({ args }: GraphQLField<unknown, unknown>, random: Random): string {
  const given = args.flatMap(({ name }) => {
    if (random() < 0.4) return [];
    if (name === "id" || name === "with") return [`${name}: ${random() < 0.5 ? "$id" : '"7"'}`];
    if (name === "first") return [`first: ${random() < 0.5 ? "$first" : "3"}`];
    if (name === "moods") return ["moods: [HAPPY, SLEEPY]"];
    return [`${name}: { ids: ["1", $id], inner: {} }`];
  });
  return given.length === 0 ? "" : `(${given.join(", ")})`;
}
