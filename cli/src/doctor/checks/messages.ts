import { resolve } from "node:path";
import { listPotterPlugins, type PotterPlugin, programOf } from "../../plugins/index.js";
import type { PluginEntry } from "../../project/index.js";
import { type Check, error, type Finding, ok, warning } from "../findings/index.js";
import { compareVersions, findInstalled } from "../packages/index.js";
import { openTemplate, settingOf, valuesOf } from "./template-options.js";

/** The library of messages: the one that Potter's options name, in a fitting version, with imports of the same form. */
export const messages: Check = {
  name: "messages",
  step: "looking at the message library",
  run: (folder) => {
    const project = openTemplate(folder);
    if ("status" in project) return [project];
    const own = listPotterPlugins(project).filter(({ targets }) =>
      targets.some(({ options }) => "messages" in options),
    );
    const libraries = valuesOf(own, "messages");
    if (own.length === 0) return [];
    if (libraries.size > 1) {
      return [
        error(
          `the plugins of Potter have different values of messages: ${[...libraries].join(", ")}`,
          "give all of them the same",
        ),
      ];
    }
    const isEs = libraries.has("es");
    const program = isEs ? "protoc-gen-es" : "protoc-gen-ts_proto";
    const entry = project.template.plugins.find(({ command = [] }) =>
      command.some((word) => programOf(word) === program),
    );
    if (entry === undefined) {
      return [
        warning(
          `the options of Potter say messages=${isEs ? "es" : "ts-proto"}, but buf.gen.yaml names no ${program}`,
          `add ${program}, or set the option messages, unless the messages are generated elsewhere`,
        ),
      ];
    }
    return [
      ...checkFolder(entry, own, folder),
      ...checkExtension(entry, own, isEs),
      ...(isEs ? checkForm(entry, own) : []),
      ...(isEs ? checkProtobufEs(folder) : checkTsProto(entry)),
    ];
  },
};

function checkFolder({ out, place }: PluginEntry, own: readonly PotterPlugin[], folder: string): readonly Finding[] {
  const others = own.filter(({ entry }) => resolve(folder, entry.out) !== resolve(folder, out));
  return others.map(({ entry }) =>
    error(
      `${place}: the messages are in ${out}, the code of ${entry.name} in ${entry.out}`,
      'give both the same "out"',
    ),
  );
}

/** Generated files import each other, so all plugins must write the same extension. */
function checkExtension(entry: PluginEntry, own: readonly PotterPlugin[], isEs: boolean): readonly Finding[] {
  const given = isEs ? settingOf(entry, "import_extension") : settingOf(entry, "importSuffix");
  const extension = (given ?? "none").replace(/^\./, "") || "none";
  return [...valuesOf(own, "import_extension")]
    .filter((wanted) => wanted !== extension)
    .map((wanted) =>
      error(
        `${entry.place}: ${entry.name} writes imports with extension ${extension}, Potter with ${wanted}`,
        isEs ? `set import_extension=${wanted}` : `set importSuffix=${wanted === "none" ? "" : `.${wanted}`}`,
      ),
    );
}

/** JavaScript of Potter imports that of the messages. ts-proto has none, so its users compile what it writes. */
function checkForm(entry: PluginEntry, own: readonly PotterPlugin[]): readonly Finding[] {
  const formsOf = (target: string): readonly string[] => target.split("+");
  if (formsOf(settingOf(entry, "target") ?? "js+dts").includes("js")) return [];
  return [...valuesOf(own, "target")]
    .filter((target) => formsOf(target).includes("js"))
    .map((target) =>
      warning(
        `${entry.place}: ${entry.name} writes no JavaScript, which that of Potter (target=${target}) imports`,
        `set target=${target}, unless you compile the messages`,
      ),
    );
}

/** Messages call functions of the library, which must not be older than the plugin. */
function checkProtobufEs(folder: string): readonly Finding[] {
  const plugin = findInstalled("@bufbuild/protoc-gen-es", folder)?.manifest.version;
  const library = findInstalled("@bufbuild/protobuf", folder)?.manifest.version;
  if (plugin === undefined || library === undefined) return [];
  const [major, minor] = plugin.split(".");
  const isOlder = (compareVersions(library, `${major}.${minor}.0`) ?? 0) < 0;
  return isOlder || library.split(".")[0] !== major
    ? [
        error(
          `@bufbuild/protoc-gen-es ${plugin} generates for a newer @bufbuild/protobuf than ${library}`,
          `npm install @bufbuild/protobuf@^${plugin}`,
        ),
      ]
    : [ok(`protobuf-es: plugin ${plugin}, library ${library}`)];
}

/** What the guide requires: without these, generated code loses digits or refuses to load. */
function checkTsProto(entry: PluginEntry): readonly Finding[] {
  const required = { forceLong: "bigint", oneof: "unions-value" };
  const wrong = Object.entries(required).filter(([name, value]) => settingOf(entry, name) !== value);
  return wrong.length === 0
    ? [ok("ts-proto has the options that Potter needs")]
    : wrong.map(([name, value]) => error(`${entry.place}: ts-proto needs ${name}=${value}`, `add it to "opt"`));
}
