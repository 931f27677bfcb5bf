import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { DescMessage } from "@bufbuild/protobuf";
import { build } from "esbuild";
import { tsProtoLibrary } from "../../generator/src/messages/index.js";
import type { ImportSymbol } from "../../generator/src/printer/index.js";
import { emitMessages, Project } from "../../generator/src/testing/index.js";
import type { TsProtoFunctions } from "../../runtime/src/message/index.js";
import type { Contract } from "./contract.js";

/** Files for which ts-proto generates invalid code: messages named by reserved words. */
const refused: readonly string[] = ["fixture/hostile/v1/reserved.proto"];

/** What ts-proto generates for a contract, compiled and ready to be imported. */
export class TsProtoProject {
  private readonly project: Project;

  private constructor(project: Project) {
    this.project = project;
  }

  static async create({ request }: Contract): Promise<TsProtoProject> {
    const files = emitMessages(request, "ts-proto", refused);
    const project = new Project(files);
    const entryPoints = Object.keys(files).map((path) => join(project.folder, path));
    await build({ entryPoints, outdir: project.folder, outbase: project.folder, format: "esm", logLevel: "error" });
    return new TsProtoProject(project);
  }

  /** The functions of a message; undefined if they do not compile. */
  async functionsOf(desc: DescMessage): Promise<TsProtoFunctions<unknown> | undefined> {
    if (refused.includes(`${desc.file.name}.proto`)) return undefined;
    const url = pathToFileURL(join(this.project.folder, `${desc.file.name}.js`));
    const module = (await import(url.href)) as Readonly<Record<string, TsProtoFunctions<unknown>>>;
    const { name } = tsProtoLibrary.type(desc) as ImportSymbol;
    const functions = module[name];
    if (functions === undefined) throw new Error(`ts-proto has no ${name} for ${desc.typeName}`);
    return functions;
  }

  remove(): void {
    this.project.remove();
  }
}
