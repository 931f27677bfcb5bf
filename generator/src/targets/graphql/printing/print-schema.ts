import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type NameNode,
  parse,
  parseConstValue,
  print,
  printSchema,
  visit,
} from "graphql";
import type { Applied, BuiltSchema } from "../schema/index.js";
import { placeholder } from "../types/index.js";

const roots = ["Query", "Mutation", "Subscription"];

/** The version of Apollo Federation whose directives are printed. */
const specification = "https://specs.apollo.dev/federation/v2.3";

/** Current composers do not know the directive, so subgraphs must define it. */
const oneOf = "directive @oneOf on INPUT_OBJECT\n\n";

/** Prints a schema as SDL: root types first, then by name, so that additions move nothing. */
export function printSdl({ schema, federation }: BuiltSchema): string {
  const document = parse(printSchema(schema), { noLocation: true });
  const sorted = document.definitions.toSorted((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1));
  const shown: DocumentNode = { kind: Kind.DOCUMENT, definitions: sorted };
  if (federation === undefined) return `${print(shown)}\n`;
  const applied = applyAll(shown, federation);
  const names = ["@key", "@shareable"].filter((name) => print(applied).includes(` ${name}`));
  const link = `extend schema @link(url: "${specification}", import: [${names.map((name) => `"${name}"`).join(", ")}])`;
  return `${link}\n\n${print(applied).includes(" @oneOf ") ? oneOf : ""}${print(applied)}\n`;
}

function rankOf(definition: DefinitionNode): string {
  const name = "name" in definition ? (definition.name?.value ?? "") : "";
  const root = roots.indexOf(name);
  return root >= 0 ? `0${root}` : `1${name}`;
}

/** Types that several subgraphs may define. */
const common = ["PageInfo"];

function applyAll(document: DocumentNode, applied: Applied): DocumentNode {
  const directivesOf = (coordinate: string): ConstDirectiveNode[] =>
    (applied.get(coordinate) ?? []).map(parseDirective);
  const shareable = parseDirective("@shareable");
  return visit(document, {
    ObjectTypeDefinition: (type) => {
      const own = [...directivesOf(type.name.value), ...(common.includes(type.name.value) ? [shareable] : [])];
      const fields = type.fields?.map((field) => {
        const added = directivesOf(`${type.name.value}.${field.name.value}`);
        if (field.name.value === placeholder) added.push(shareable);
        return { ...field, directives: [...(field.directives ?? []), ...added] };
      });
      return { ...type, ...(fields && { fields }), directives: [...(type.directives ?? []), ...own] };
    },
  });
}

function parseDirective(text: string): ConstDirectiveNode {
  const [, name = "", args = ""] = /^@(\w+)(?:\((.*)\))?$/.exec(text) ?? [];
  const nameNode = (value: string): NameNode => ({ kind: Kind.NAME, value });
  const pairs = args === "" ? [] : [...args.matchAll(/(\w+): ("[^"]*"|\w+)/g)];
  return {
    kind: Kind.DIRECTIVE,
    name: nameNode(name),
    arguments: pairs.map(([, key = "", value = ""]) => ({
      kind: Kind.ARGUMENT,
      name: nameNode(key),
      value: parseConstValue(value, { noLocation: true }),
    })),
  };
}
