import type { ObjectLiteralExpression } from "ts-morph";
import { createCandidates, type Expected, type ExpectedContract, type ExpectedPart } from "../contract/index.js";
import {
  Bindings,
  type Declaration,
  findDeclarations,
  findUses,
  type GeneratedLayout,
  ImportGraph,
  type UnclearUse,
  UserSources,
  type UserTexts,
} from "../places/index.js";
import { findGaps } from "./find-gaps.js";
import type { Gaps, MissingKey } from "./gap.js";
import { findMoved, noteMoved } from "./moved.js";
import type { Note } from "./note.js";
import { noteHidden, noteLost, noteLostDefinition } from "./note-gaps.js";
import { lineAndColumn, placeOf } from "./place.js";
import { isUnimplemented } from "./unimplemented.js";
import { type DeclaredPart, noteUnlisted } from "./unlisted.js";

/** What users' files lack, before anything is printed. */
export interface Plan {
  /** The parsed files. */
  readonly sources: UserSources;
  /** What the files declare, except those of tests. */
  readonly declarations: readonly Declaration[];
  /** Files that import generated modules, with the specifiers, in their order. Empty if no part is absent. */
  readonly importers: ReadonlyMap<string, readonly string[]>;
  /** Keys to insert, by file and literal. */
  readonly edits: readonly PlannedEdit[];
  /** Parts that no file declares. */
  readonly absent: readonly ExpectedPart[];
  /** What only a person can do. */
  readonly notes: readonly Note[];
}

/** Properties to insert into one object literal. */
export interface PlannedEdit {
  /** The file. */
  readonly path: string;
  readonly literal: ObjectLiteralExpression;
  /** The part, and where the literal is in its behaviour. */
  readonly part: ExpectedPart;
  readonly slot: readonly string[];
  readonly entries: readonly (readonly [string, Expected])[];
}

/** Compares users' files with the contract. `unreadable`: files that could not be read, and why. */
export function plan(
  contract: ExpectedContract,
  texts: UserTexts,
  layout: GeneratedLayout,
  unreadable: ReadonlyMap<string, string> = new Map(),
): Plan {
  const sources = new UserSources(texts);
  const bindings = new Bindings(sources, layout);
  const candidates = createCandidates(contract.modules);
  const counted = new Map([...texts].filter(([path]) => !isTest(path)));
  const pathsWith = (matches: (text: string) => boolean): readonly string[] =>
    [...counted].filter(([, text]) => matches(text)).map(([path]) => path);
  const declaring = pathsWith(candidates.mayDeclare);
  const own = findDeclarations(sources, bindings, declaring);
  const declared = contract.parts.flatMap((part) =>
    own.filter((one) => declares(one, part)).map((declaration): DeclaredPart => ({ part, declaration })),
  );
  const open = contract.parts.filter((part) => !declared.some((one) => one.part === part));
  // Other files say something only about parts that no file declares. Most runs end without a look at them.
  const names = new Set(open.map(({ name }) => name));
  const using = open.length === 0 ? [] : pathsWith((text) => candidates.mayUse(text, names));
  const concerned = [...new Set([...declaring, ...using])];
  const uses = findUses(sources, bindings, contract.modules, open.length === 0 ? [] : concerned);
  const notes: Note[] = [...noteUnreadable(unreadable)];
  const broken = new Set(concerned.filter((path) => sources.syntaxError(path) !== undefined));
  for (const path of broken) notes.push(noteSyntaxError(sources, path));
  const gaps = declared.flatMap(({ part, declaration: { path, behaviour } }) =>
    broken.has(path) || behaviour === undefined ? [] : [findGaps(part, behaviour, bindings)],
  );
  const undeclared: ExpectedPart[] = [];
  for (const part of open) {
    if (isUnimplemented(part, contract, uses.leftOut)) continue;
    const doubt = doubtAbout(part, sources, uses.unclear, broken, unreadable);
    if (doubt === undefined) undeclared.push(part);
    else notes.push(doubt);
  }
  const lost = own.filter((one) => !contract.parts.some((part) => declares(one, part)));
  const moved = findMoved(lost, undeclared);
  const absent = undeclared.filter((part) => ![...moved.values()].flat().includes(part));
  for (const one of lost) {
    const place = placeOf(sources, one.node);
    const parts = moved.get(one);
    if (parts !== undefined) notes.push(noteMoved(one, parts, place));
    else notes.push(noteLostDefinition(contract, one, place));
  }
  const { edits, shared } = groupByLiteral(sources, gaps, broken);
  for (const one of gaps) {
    notes.push(...noteLost(one, (node) => placeOf(sources, node)));
    notes.push(...one.hidden.map((hidden) => noteHidden(hidden, placeOf(sources, hidden.node))));
  }
  for (const { part, literal, slot, key, value } of shared) {
    const reason = "several parts share this object";
    const hidden = { part, slot, keys: [[key, value] as const], node: literal, reason };
    notes.push(noteHidden(hidden, placeOf(sources, literal)));
  }
  const listed = declared.filter(({ declaration: { path } }) => !broken.has(path));
  notes.push(...noteUnlisted(listed, counted, sources, new ImportGraph(counted, layout)));
  const importers = absent.length === 0 ? new Map() : new ImportGraph(texts, layout).importers;
  return { sources, declarations: own, importers, edits, absent, notes };
}

function declares({ definition, method }: Declaration, part: ExpectedPart): boolean {
  return definition.module === part.module && definition.name === part.name && method === part.method;
}

/** Files of tests declare behaviour for their own purpose. */
export function isTest(path: string): boolean {
  return /\.(?:test|spec|test-d|bench)\.[cm]?tsx?$|(?:^|\/)__(?:tests|mocks)__\//.test(path);
}

/** Returns why a part that no file seems to declare may be declared all the same. */
function doubtAbout(
  part: ExpectedPart,
  sources: UserSources,
  unclear: readonly UnclearUse[],
  broken: ReadonlySet<string>,
  unreadable: ReadonlyMap<string, string>,
): Note | undefined {
  const paste = [[part.constant, part.behaviour] as const];
  const element = `${part.name}.${part.method}`;
  const [first] = unreadable.keys();
  if (first !== undefined) {
    const message = `no file is created for the ${part.label} while ${first} cannot be read`;
    return { kind: "unclear", element, place: undefined, message, paste };
  }
  const use = unclear.find(({ definition }) => definition.module === part.module && definition.name === part.name);
  if (use !== undefined) {
    const message = `cannot see whether ${part.name}.${part.method}(…) is called by way of this: no file is created for the ${part.label}`;
    return { kind: "unclear", element, place: placeOf(sources, use.node), message, paste };
  }
  const path = [...broken].find((one) => sources.texts.get(one)?.includes(part.name));
  if (path === undefined) return undefined;
  const message = `no file is created for the ${part.label} until ${path} parses`;
  return { kind: "unclear", element, place: undefined, message, paste };
}

function noteUnreadable(unreadable: ReadonlyMap<string, string>): readonly Note[] {
  return [...unreadable].map(([path, reason]) => ({
    kind: "unreadable",
    element: path,
    place: { path },
    message: `cannot be read: ${reason}`,
    paste: [],
  }));
}

function noteSyntaxError(sources: UserSources, path: string): Note {
  const { at, message } = sources.syntaxError(path) ?? { at: 0, message: "" };
  const place = { path, ...lineAndColumn(sources.texts.get(path) ?? "", at) };
  return {
    kind: "unreadable",
    element: path,
    place,
    message: `does not parse, so it is not changed: ${message}`,
    paste: [],
  };
}

/** Keys that belong into one literal are inserted together. A literal of several parts or slots is not changed. */
function groupByLiteral(
  sources: UserSources,
  gaps: readonly Gaps[],
  broken: ReadonlySet<string>,
): { readonly edits: readonly PlannedEdit[]; readonly shared: readonly MissingKey[] } {
  const owners = new Map<ObjectLiteralExpression, Set<string>>();
  for (const { part, literals } of gaps) {
    for (const { literal, slot } of literals) {
      const owner = owners.get(literal) ?? new Set<string>();
      owners.set(literal, owner.add(JSON.stringify([part.module, part.name, part.method, slot])));
    }
  }
  const edits = new Map<ObjectLiteralExpression, PlannedEdit & { entries: (readonly [string, Expected])[] }>();
  const shared: MissingKey[] = [];
  for (const missing of gaps.flatMap((one) => one.missing)) {
    const { literal, part, slot, key, value } = missing;
    const path = sources.pathOf(literal.getSourceFile());
    if (broken.has(path)) continue;
    if ((owners.get(literal)?.size ?? 0) > 1) shared.push(missing);
    else {
      const edit = edits.get(literal) ?? { path, literal, part, slot, entries: [] };
      if (!edit.entries.some(([known]) => known === key)) edit.entries.push([key, value]);
      edits.set(literal, edit);
    }
  }
  return { edits: [...edits.values()], shared };
}
