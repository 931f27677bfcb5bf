/** Headers or trailers of a response, by names in lower case: a `Headers` of the platform, or a `Map`. */
export interface ResponseHeaders {
  /** The value of a header. Several values are one, separated by commas. */
  get(name: string): string | null | undefined;
  /** Calls a function with each value and its name. */
  forEach(each: (value: string, name: string) => void): void;
}
