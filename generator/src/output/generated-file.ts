/** A file to write, by its path below the plugin's `out`. */
export interface GeneratedFile {
  readonly name: string;
  readonly content: string;
}
