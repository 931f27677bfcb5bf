import { create, createFileRegistry, type DescFile, type FileRegistry } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { Model } from "@potter/generator";
import { analyse, type Diagnostic } from "@potter/generator/tooling";

/** One of the two contracts that are compared. */
export interface Contract {
  /** Its elements in domain terms. */
  readonly model: Model;
  /** All descriptors, those of imports included. */
  readonly registry: FileRegistry;
  /** Its own files, ordered by name. */
  readonly files: readonly DescFile[];
}

/** A contract, and what is wrong with it. */
export interface ReadContract {
  /** The contract; with errors, parts of it are missing. */
  readonly contract: Contract;
  /** The errors of the contract; empty: it is valid. */
  readonly errors: readonly Diagnostic[];
}

/** Reads a contract from the request of a compiler. */
export function readContract(request: CodeGeneratorRequest): ReadContract {
  const { model, diagnostics } = analyse(request);
  const files = model.files.map(({ desc }) => desc);
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: request.protoFile }));
  return {
    contract: { model, registry, files },
    errors: diagnostics.filter(({ severity }) => severity === "error"),
  };
}
