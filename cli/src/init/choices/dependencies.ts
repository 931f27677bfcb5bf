import { version } from "@potter/generator/tooling";
import type { Choices } from "./choices.js";
import { versions } from "./versions.js";

/** Ranges of versions, by the names of packages in their order. */
export interface PackageLists {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What a service needs to run, and to be generated. All packages of Potter share one version, which is written exactly. */
export function dependenciesOf({ messages, targets, store }: Choices): PackageLists {
  const dependencies = [
    "@bufbuild/protobuf" as const,
    ...(targets.includes("graphql") ? ["graphql" as const] : []),
    ...(store === "pglite" ? ["@electric-sql/pglite" as const] : []),
    ...(store === "postgres" ? ["pg" as const] : []),
  ];
  const devDependencies = [
    "@bufbuild/buf" as const,
    messages === "es" ? ("@bufbuild/protoc-gen-es" as const) : ("ts-proto" as const),
  ];
  return {
    dependencies: sorted({
      ...pick(dependencies),
      "@potter/runtime": version,
      ...(targets.includes("client") && { "@potter/client": version }),
    }),
    devDependencies: sorted({
      ...pick(devDependencies),
      "@potter/cli": version,
      "@potter/generator": version,
      "protoc-gen-potter": version,
    }),
  };
}

function pick(names: readonly (keyof typeof versions)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, versions[name]]));
}

/** In the order in which npm writes them. */
function sorted(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
