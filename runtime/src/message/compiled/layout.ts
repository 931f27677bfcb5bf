import { create, type DescField, type DescMessage, type DescOneof } from "@bufbuild/protobuf";
import { literal, property, type Refer } from "../../function-text/index.js";

/** A field outside of a oneof, or a oneof. */
export interface Member {
  readonly desc: DescField | DescOneof;
  readonly localName: string;
  /** What an empty message contains: a value, a new list or map, a oneof without a case, or nothing. */
  readonly kind: "value" | "list" | "map" | "oneof" | "none";
  /** The value of an empty message, for the kind `value`. */
  readonly initial: unknown;
}

/** How protobuf-es lays a message out as an object. */
export interface Layout {
  readonly typeName: string;
  /** The prototype that holds the defaults of fields with presence. */
  readonly prototype: object | undefined;
  readonly members: readonly Member[];
}

/** Names that every object inherits. In an object literal, `__proto__` would set the prototype. */
const inherited: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether a member has a name that every object inherits. Nothing is compiled for such messages. */
export function hasInheritedName(schema: DescMessage): boolean {
  return schema.members.some(({ localName }) => inherited.has(localName));
}

/** Returns the layout of a message. */
export function readLayout(schema: DescMessage): Layout {
  const empty = create(schema) as unknown as Readonly<Record<string, unknown>>;
  const prototype = Object.getPrototypeOf(empty) as object;
  return {
    typeName: schema.typeName,
    prototype: prototype === Object.prototype ? undefined : prototype,
    members: schema.members.map((desc) => {
      const { localName } = desc;
      const kind = desc.kind === "oneof" ? "oneof" : kindOf(desc, Object.hasOwn(empty, localName));
      return { desc, localName, kind, initial: kind === "value" ? empty[localName] : undefined };
    }),
  };
}

function kindOf({ fieldKind }: DescField, isPresent: boolean): Member["kind"] {
  return fieldKind === "list" || fieldKind === "map" ? fieldKind : isPresent ? "value" : "none";
}

/** Returns the text of the value that a member has in an empty message. */
export function printInitial({ kind, initial }: Member, refer: Refer): string {
  switch (kind) {
    case "list":
      return "[]";
    case "map":
      return "{}";
    case "oneof":
      return "{case:undefined}";
    case "none":
      return "undefined";
    case "value":
      return typeof initial === "object" ? refer(initial) : literal(initial as string | number | bigint | boolean);
  }
}

/**
 * Returns the text of statements that create the message `m` from the values of its members. All messages of a type have their
 * members in the same order, that of protobuf-es. `print` returns the text of a value. For a member of the kind `none`, that
 * must be the name of a variable, which is undefined if the member is absent.
 */
export function printMessage(layout: Layout, print: (member: Member) => string, refer: Refer): string {
  const { typeName, prototype, members } = layout;
  const optional = members.findIndex(({ kind }) => kind === "none");
  const first = prototype !== undefined ? 0 : optional < 0 ? members.length : optional;
  const own = members.slice(0, first).map((member) => `,${JSON.stringify(member.localName)}:${print(member)}`);
  const start =
    prototype === undefined
      ? `const m={$typeName:${literal(typeName)}${own.join("")}};`
      : `const m=new ${refer(constructorOf(prototype))}();m.$typeName=${literal(typeName)};`;
  const rest = members.slice(first).map((member) => {
    const value = print(member);
    const set = `m${property(member.localName)}=${value};`;
    return member.kind === "none" ? `if(${value}!==undefined)${set}` : set;
  });
  return start + rest.join("");
}

/** Objects that a constructor creates have their members in one place, unlike those of `Object.create`. */
function constructorOf(prototype: object): unknown {
  // biome-ignore lint/complexity/useArrowFunction: an arrow function is not a constructor
  const Message = function (): void {};
  Message.prototype = prototype;
  return Message;
}
