import { findBuf, runBuf } from "../buf/index.js";
import { explainProblems } from "./explain-problems.js";
import { type ContractFile, readImage } from "./image.js";
import { type CompileProblem, readProblems } from "./problems.js";

/** What buf compiles, as `buf build` takes it. */
export interface CompileInput {
  /** A folder or a module: `proto`, `buf.build/acme/api`. */
  readonly source: string;
  /** Only these files and folders; none: all. */
  readonly paths: readonly string[];
  readonly excludePaths: readonly string[];
}

/** The files of one input with all that they import, dependencies first. */
export type CompiledContract = readonly ContractFile[];

/** The proto files do not compile, or buf cannot read them. */
export class CompileError extends Error {
  readonly problems: readonly CompileProblem[];

  constructor(message: string, problems: readonly CompileProblem[]) {
    super(message);
    this.problems = problems;
  }
}

/** Compiles inputs, each by one run of buf. Throws a CompileError with all problems of the first input that has some. */
export async function compile(inputs: readonly CompileInput[], folder: string): Promise<readonly CompiledContract[]> {
  const ended = await Promise.all(
    inputs.map(({ source, paths, excludePaths }) =>
      runBuf(
        [
          ...["build", source, "-o", "-#format=binpb", "--error-format", "json"],
          ...paths.flatMap((path) => ["--path", path]),
          ...excludePaths.flatMap((path) => ["--exclude-path", path]),
        ],
        folder,
      ),
    ),
  );
  return ended.map(({ status, stdout, stderr }) => {
    if (status === 0) return readImage(stdout);
    const { problems, rest } = readProblems(stderr);
    throw new CompileError(
      problems.length === 0 ? explainVersion(rest, folder) : rest,
      explainProblems(problems, folder),
    );
  });
}

/** The first release of buf that reads version v2 of its files. */
const oldest = { major: 1, minor: 32 };

function explainVersion(text: string, folder: string): string {
  const { version } = findBuf(folder);
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  const isOld = major < oldest.major || (major === oldest.major && minor < oldest.minor);
  return version !== undefined && isOld
    ? `${text}\nbuf ${version} is older than ${oldest.major}.${oldest.minor}: npm install --save-dev @bufbuild/buf@latest`
    : text;
}
