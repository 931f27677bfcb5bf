// What the user of potter init chooses, and what follows from it: packages, their versions, the commands of the package manager.
export {
  type Choices,
  defaults,
  isOneOf,
  type MessageLibrary,
  messageLibraries,
  type Store,
  stores,
  type Target,
  targets,
} from "./choices.js";
export { dependenciesOf, type PackageLists } from "./dependencies.js";
export {
  findPackageManager,
  type PackageManager,
  type PackageManagerName,
  packageManagerNames,
} from "./package-manager.js";
export { isPackageName, packageNameOf } from "./package-name.js";
export { versions } from "./versions.js";
