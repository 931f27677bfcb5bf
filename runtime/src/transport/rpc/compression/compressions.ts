import { PotterError } from "../../../errors/index.js";
import type { Coding, CodingName } from "./coding.js";
import { createNodeCodings, type Zlib } from "./node-codings.js";
import { createWebCodings } from "./web-codings.js";

/** The compressions that a transport uses. */
export class Compressions {
  /** Responses below this size are not compressed, in bytes. */
  readonly threshold: number;
  private readonly wanted: readonly CodingName[];
  private found: readonly Coding[] | undefined;

  constructor(wanted: readonly CodingName[], threshold: number) {
    this.wanted = wanted;
    this.threshold = threshold;
  }

  /** The names for headers such as `grpc-accept-encoding`. */
  get names(): string {
    return ["identity", ...this.all.map(({ name }) => name)].join(",");
  }

  /** Returns the coding that a header names; undefined: none. Throws a PotterError `unimplemented` for an unknown one. */
  find(header: string | undefined): Coding | undefined {
    if (header === undefined) return undefined;
    const name = header.trim().toLowerCase();
    if (name === "" || name === "identity") return undefined;
    const coding = this.all.find((one) => one.name === name);
    if (coding !== undefined) return coding;
    throw new PotterError(
      "unimplemented",
      `the compression of the request is not supported: expected one of ${this.names}`,
    );
  }

  /** Returns the coding for responses that a header such as `grpc-accept-encoding` allows; undefined: none. */
  accepted(header: string | undefined): Coding | undefined {
    if (header === undefined || header === "identity" || this.wanted.length === 0) return undefined;
    const accepted = header
      .toLowerCase()
      .split(",")
      .filter((part) => !/;\s*q=0(?:\.0*)?\s*$/.test(part))
      .map((part) => part.replace(/;.*/, "").trim());
    return this.all.find(({ name }) => accepted.includes(name));
  }

  /** Looked for at the first request: some platforms create no streams before. */
  private get all(): readonly Coding[] {
    if (this.found === undefined) {
      const codings = findCodings();
      this.found = this.wanted.flatMap((name) => codings.find((one) => one.name === name) ?? []);
    }
    return this.found;
  }
}

interface Process {
  getBuiltinModule?(name: string): unknown;
}

/** Those of Node where the platform has them: they are faster, and one more. */
function findCodings(): readonly Coding[] {
  try {
    const { process } = globalThis as { readonly process?: Process };
    const zlib = process?.getBuiltinModule?.("node:zlib") as Zlib | undefined;
    if (zlib !== undefined) return createNodeCodings(zlib);
  } catch {
    // Other runtimes imitate Node.
  }
  return createWebCodings();
}
