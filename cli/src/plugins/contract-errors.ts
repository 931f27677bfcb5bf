import type { Diagnostic } from "@potter/generator/tooling";

/** What the generator reports about a contract. */
export type ContractDiagnostics = readonly Diagnostic[];

/** The contract has errors: nothing was generated. */
export class ContractErrors extends Error {
  readonly diagnostics: ContractDiagnostics;

  constructor(diagnostics: ContractDiagnostics) {
    super("the contract has errors");
    this.diagnostics = diagnostics;
  }
}
