/** A generated file; `name` is its path below the plugin's `out` folder. */
export interface GeneratedFile {
  readonly name: string;
  readonly content: string;
}
