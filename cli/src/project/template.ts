import type { CompileInput } from "../contract/index.js";

/** A plugin of a buf.gen.yaml. */
export interface PluginEntry {
  /** As errors call it: the program, the remote plugin, or the name that protoc knows. */
  readonly name: string;
  /** The program of a local plugin, with its arguments; undefined: buf runs it. */
  readonly command: readonly string[] | undefined;
  /** The folder of its files, as written. */
  readonly out: string;
  /** Its options, joined by commas. */
  readonly parameter: string;
  readonly strategy: "all" | "directory";
  readonly includeImports: boolean;
  readonly includeWkt: boolean;
  /** Where it stands: `buf.gen.yaml:4:5`. */
  readonly place: string;
  /** Why only buf can run it; undefined: this process may. */
  readonly onlyBuf: string | undefined;
  /** The entry as written, for templates of buf. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A buf.gen.yaml. */
export interface Template {
  /** Its path, from the folder of the project. */
  readonly file: string;
  readonly plugins: readonly PluginEntry[];
  readonly inputs: readonly CompileInput[];
  /** Whether buf would empty the folders first. */
  readonly clean: boolean;
  /** Why only buf can run the whole template; undefined: this process may. */
  readonly onlyBuf: string | undefined;
  /** The whole template as written. */
  readonly raw: Readonly<Record<string, unknown>>;
}
