import type { Expected, ExpectedContract, ExpectedPart } from "./contract/index.js";
import { detectStyle, type FormatConfig, type Insertion, printFile, renderProperties } from "./insert/index.js";
import type { GeneratedLayout } from "./places/index.js";
import {
  lineAndColumn,
  type NewFile,
  type NewFileSettings,
  type Note,
  type PlannedEdit,
  plan,
  planFiles,
} from "./plan/index.js";
import { type FileEdit, verify } from "./verify/index.js";

/** A change of a user's file that holds all conditions, not written yet. */
export interface PreparedEdit extends FileEdit {
  /** The new text, without a byte order mark. */
  readonly text: string;
  /** What is inserted, for reports. */
  readonly keys: readonly InsertedKey[];
}

/** A property that is inserted. */
export interface InsertedKey {
  /** `Order.decide.placeOrder`. */
  readonly name: string;
  /** Its line in the new text, from 1. */
  readonly line: number;
  readonly entry: readonly [string, Expected];
}

/** A file that is created. */
export interface PreparedFile extends NewFile {
  /** Its formatted text. */
  readonly text: string;
}

/** What a run would do. */
export interface Prepared {
  readonly edits: readonly PreparedEdit[];
  readonly files: readonly PreparedFile[];
  readonly notes: readonly Note[];
}

interface RenderedLiteral extends PlannedEdit {
  readonly insertions: readonly Insertion[];
}

interface RenderedEdit extends FileEdit {
  readonly rendered: readonly RenderedLiteral[];
}

/** What is known of a project. */
export interface ProjectState {
  readonly contract: ExpectedContract;
  readonly texts: ReadonlyMap<string, string>;
  readonly unreadable: ReadonlyMap<string, string>;
  readonly layout: GeneratedLayout;
  readonly newFiles: NewFileSettings;
  /** Reads how the file at a path, relative to the project, is to be formatted. */
  readonly formatOf: (path: string) => Promise<FormatConfig>;
}

/** Prepares all changes of users' files, and checks them. Writes nothing. */
export async function prepare(state: ProjectState): Promise<Prepared> {
  const { contract, texts, layout, unreadable, formatOf } = state;
  const planned = plan(contract, texts, layout, unreadable);
  const notes: Note[] = [...planned.notes];
  const configs = new Map<string, Promise<FormatConfig>>();
  const configOf = (path: string): Promise<FormatConfig> => {
    const known = configs.get(path) ?? formatOf(path);
    configs.set(path, known);
    return known;
  };
  const edits: RenderedEdit[] = [];
  for (const path of new Set(planned.edits.map((one) => one.path))) {
    const file = planned.sources.file(path);
    if (file === undefined) continue;
    const style = detectStyle(file);
    const rendered: RenderedLiteral[] = [];
    for (const literal of planned.edits.filter((one) => one.path === path)) {
      const insertions = await renderProperties(literal.literal, literal.entries, await configOf(path), style);
      rendered.push({ ...literal, insertions });
    }
    edits.push({ path, rendered, insertions: rendered.flatMap(({ insertions }) => insertions) });
  }
  const { accepted, refused } = verify(edits, contract, texts, layout);
  for (const { edit, reason } of refused) notes.push(noteRefused(edit, reason));
  const files = await Promise.all(
    planFiles(planned, layout, state.newFiles).map(async (file) => {
      const config = await configOf(file.path);
      const like = file.like === undefined ? undefined : planned.sources.file(file.like);
      const style = like && config.source === undefined ? detectStyle(like) : undefined;
      return { ...file, text: await printFile(file.source, config.options, style) };
    }),
  );
  return {
    edits: accepted.map((edit) => ({ ...edit, keys: locate(edit) })),
    files,
    notes,
  };
}

function noteRefused({ path, rendered }: RenderedEdit, reason: string): Note {
  const paste = rendered.flatMap(({ entries }) => entries);
  const names = rendered
    .flatMap(({ part, slot, entries }) => entries.map(([key]) => qualifiedName(part, slot, key)))
    .join(", ");
  return {
    kind: "refused",
    element: names,
    place: { path },
    message: `${names} not inserted: ${reason}`,
    paste,
  };
}

/** Finds the lines of the inserted properties in the new text. */
function locate({ text, rendered, insertions }: RenderedEdit & { readonly text: string }): readonly InsertedKey[] {
  return rendered.flatMap(({ part, slot, entries, insertions: own }): InsertedKey[] => {
    const main = own.at(-1);
    if (main === undefined) return [];
    const index = insertions.indexOf(main);
    const before = insertions.filter((one, at) => one.at < main.at || (one.at === main.at && at < index));
    const start = main.at + before.reduce((sum, one) => sum + one.text.length, 0);
    return entries.map((entry): InsertedKey => {
      const at = start + Math.max(0, main.text.search(new RegExp(`${entry[0].replaceAll("$", "\\$")}["'\\]]*:`)));
      return { name: qualifiedName(part, slot, entry[0]), line: lineAndColumn(text, at).line, entry };
    });
  });
}

/** `Order.decide.placeOrder`. */
function qualifiedName({ name }: ExpectedPart, slot: readonly string[], key: string): string {
  return [name, ...slot, key].join(".");
}
