import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { create, fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { parse as parseYaml } from "yaml";
import { CliError } from "../cli-error.js";
import { type CompileInput, compile } from "../contract/index.js";
import { openProject } from "../project/index.js";
import { createTemporaryFolder } from "../temporary-folder.js";

const definition = "potter/options.proto";
/** The path that documentation of Go Potter had at first. */
const oldDefinition = `github.com/akriventsev/${definition}`;

/** A copy of the proto files of a workspace, in which they are changed and compiled before anything is written. */
export class WorkspaceCopy {
  private readonly folder: string;
  private readonly inputs: readonly CompileInput[];

  constructor(root: string) {
    const config = ["buf.yaml", "buf.work.yaml"].find((name) => existsSync(join(root, name)));
    if (config === undefined) {
      throw new CliError(
        `${root} has no buf.yaml: run potter migrate in the folder of your buf.yaml, or create one by npx buf config init`,
        2,
      );
    }
    this.inputs = readInputs(root);
    this.folder = createTemporaryFolder("migrate");
    const texts: string[] = [];
    copyProtos(root, this.folder, "", texts);
    const packages = join(root, "node_modules");
    if (existsSync(packages)) symlinkSync(packages, join(this.folder, "node_modules"), "junction");
    const modules = readModules(join(root, config));
    // In Go, the definition is in the cache of modules, so most projects have no copy.
    const imported = [definition, oldDefinition].find((path) => texts.some((text) => imports(text, path)));
    if (imported !== undefined && !modules.some((path) => existsSync(join(root, path, imported)))) {
      const own = modules.find((path) => !path.startsWith("node_modules")) ?? ".";
      this.write(join(own, imported), readDefinition());
    }
  }

  /** Changes a file, by its path from the folder of the project. */
  write(path: string, text: string | Uint8Array): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Compiles the contract. Throws a CompileError. */
  async compile(): Promise<CodeGeneratorRequest> {
    const compiled = await compile(this.inputs, this.folder);
    const files = new Map(compiled.flat().map((file) => [file.name, file]));
    const own = new Set(compiled.flat().flatMap(({ name, isImport }) => (isImport ? [] : [name])));
    return create(CodeGeneratorRequestSchema, {
      fileToGenerate: [...own].sort(),
      protoFile: [...files.values()].map(({ descriptor }) => fromBinary(FileDescriptorProtoSchema, descriptor)),
    });
  }

  delete(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The inputs of buf.gen.yaml; without one, or if only buf can read them, the whole workspace. */
function readInputs(root: string): readonly CompileInput[] {
  const all = [{ source: ".", paths: [], excludePaths: [] }];
  if (!existsSync(join(root, "buf.gen.yaml"))) return all;
  const { inputs } = openProject(root).template;
  const folders = inputs.filter(({ source }) => existsSync(join(root, source)));
  return folders.length === 0 ? all : folders;
}

function readModules(path: string): readonly string[] {
  const { modules, directories } = { ...(parseYaml(readFileSync(path, "utf8")) as object | null) } as {
    readonly modules?: readonly { readonly path?: string }[];
    readonly directories?: readonly string[];
  };
  return modules?.map((one) => one.path ?? ".") ?? directories ?? ["."];
}

function readDefinition(): string {
  const generator = createRequire(import.meta.url).resolve("@potter/generator/tooling");
  return readFileSync(join(dirname(generator), "../../go-potter", definition), "utf8");
}

function imports(text: string, path: string): boolean {
  return text.includes(`"${path}"`) || text.includes(`'${path}'`);
}

/** Copies proto files, of which it adds the texts to a list, and files that configure buf. */
function copyProtos(root: string, copy: string, folder: string, texts: string[]): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules" && !entry.name.startsWith(".")) copyProtos(root, copy, path, texts);
    } else if (/\.proto$|^buf(\.work|\.gen)?\.(yaml|lock)$/.test(entry.name)) {
      mkdirSync(join(copy, folder), { recursive: true });
      const bytes = readFileSync(join(root, path));
      writeFileSync(join(copy, path), bytes);
      if (entry.name.endsWith(".proto")) texts.push(bytes.toString("utf8"));
    }
  }
}
