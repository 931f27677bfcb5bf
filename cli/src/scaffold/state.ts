import type { Model } from "@potter/generator";
import { readUserFiles, type UserFiles } from "../files/index.js";
import { type ExpectedContract, readContract } from "./contract/index.js";
import type { GeneratedLayout } from "./places/index.js";

/** A project and its contract. */
export interface ScaffoldSource {
  /** The folder of the project, absolute. */
  readonly root: string;
  /** The contract, without errors: a model for each run of the generator. */
  readonly models: readonly Model[];
  /** The folder, relative to the project with `/`, into which each target writes. undefined: it is not generated. */
  readonly outputs: { readonly cqrs: string | undefined; readonly saga: string | undefined };
}

/** What is compared: the contract, and users' files. */
export interface ScaffoldState extends UserFiles {
  readonly contract: ExpectedContract;
  readonly layout: GeneratedLayout;
}

/** Reads from the models of a contract what users' files have to contain. */
export function readExpected({ models, outputs }: Omit<ScaffoldSource, "root">): ExpectedContract {
  return readContract(models, { cqrs: outputs.cqrs !== undefined, saga: outputs.saga !== undefined });
}

/** Reads users' files, and from the models what they have to contain. */
export async function readState(source: ScaffoldSource): Promise<ScaffoldState> {
  const { root, outputs } = source;
  const folders = [...new Set([outputs.cqrs, outputs.saga])].filter((one) => one !== undefined);
  const contract = readExpected(source);
  const layout: GeneratedLayout = { folders, modules: contract.modules };
  return { contract, layout, ...(await readUserFiles(root, folders)) };
}
