import { createRequire, Module } from "node:module";

/**
 * Runs `load`, which loads a plugin that is made with @bufbuild/protoplugin. That loads a TypeScript compiler, which takes longer than
 * all else, and uses it only to transpile; here it is loaded by its first use.
 */
export function withLazyTypeScript<T>(require: NodeJS.Require, load: () => T): T {
  const path = findCompiler(require);
  if (path === undefined || require.cache[path] !== undefined) return load();
  let compiler: Readonly<Record<PropertyKey, unknown>> | undefined;
  const get = (_: object, name: PropertyKey): unknown => {
    // Asked by code that is compiled to CommonJS; the compiler is no such module.
    if (name === "__esModule") return undefined;
    compiler ??= require(path) as Readonly<Record<PropertyKey, unknown>>;
    return compiler[name];
  };
  const lazy = new Module(path);
  lazy.loaded = true;
  lazy.exports = new Proxy({}, { get });
  require.cache[path] = lazy;
  try {
    return load();
  } finally {
    // Other modules that need the compiler load it as always.
    delete require.cache[path];
  }
}

/** The compiler of protoplugin. undefined: it has none, or it cannot be found. */
function findCompiler(require: NodeJS.Require): string | undefined {
  try {
    return createRequire(require.resolve("@bufbuild/protoplugin")).resolve("typescript");
  } catch {
    return undefined;
  }
}
