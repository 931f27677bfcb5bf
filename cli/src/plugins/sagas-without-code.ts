import { findTextPath, locate } from "@potter/generator/tooling";
import type { Project } from "../project/index.js";
import type { PotterPass } from "./potter-pass.js";
import { listPotterPlugins } from "./potter-plugins.js";

/** Something that users should know, and what they can do about it. */
export interface Advice {
  readonly message: string;
  readonly remedy: string;
}

/**
 * Finds sagas for which no plugin of the template generates code, although others generate code: without a word, the service would
 * run without them. undefined: there are none.
 */
export function findSagasWithoutCode(project: Project, passes: readonly PotterPass[]): Advice | undefined {
  const own = listPotterPlugins(project);
  const has = (name: string) => own.find(({ targets }) => targets.some((target) => target.name === name));
  const code = has("cqrs");
  if (code === undefined || has("saga") !== undefined) return undefined;
  const models = passes.flatMap((pass) => pass.analyse(code.entry)).flatMap(({ model }) => model.files);
  const sagas = new Map(models.flatMap(({ sagas }) => sagas).map((saga) => [saga.desc.typeName, saga]));
  if (sagas.size === 0) return undefined;
  const names = [...sagas.values()].map(({ name, desc }) => {
    const location = locate({ desc });
    const path = findTextPath(location.file, project.folder) ?? location.file;
    return `${name} (${"line" in location ? `${path}:${location.line}:${location.column}` : path})`;
  });
  const { entry, targets, hasChoice } = code;
  const message = `no code is generated for ${names.length === 1 ? "the saga" : "the sagas"} ${names.join(", ")}: ${project.template.file} has no target saga`;
  const remedy = hasChoice
    ? `${entry.place}: add it to the option targets: targets=${[...targets.map(({ name }) => name), "saga"].join("+")}`
    : `add the plugin protoc-gen-potter-saga, with the same settings as ${entry.name} (${entry.place})`;
  return { message, remedy };
}
