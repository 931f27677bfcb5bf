// The entry points of the generator are bundles that share code: what two of them export is the same object, so `instanceof` holds.
import * as root from "@potter/generator";
import * as plugin from "@potter/generator/plugin";
import * as tooling from "@potter/generator/tooling";
import { expect, it } from "vitest";

const entries: Readonly<Record<string, Readonly<Record<string, unknown>>>> = { root, plugin, tooling };

it.each([
  ["root", "plugin", ["cqrs", "openapi", "saga", "version"]],
  ["root", "tooling", ["OptionError", "analyse", "formatPretty", "version"]],
  ["plugin", "tooling", ["chooseTargets", "findText", "plugins", "version"]],
])("%s and %s export the same objects", (one, other, names) => {
  const [first = {}, second = {}] = [entries[one], entries[other]];
  const shared = Object.keys(first).filter((name) => name in second);
  expect(shared).toEqual(expect.arrayContaining(names));
  expect(shared.filter((name) => first[name] !== second[name])).toEqual([]);
});

it("throws errors of one entry point that are instances of the class of another", () => {
  const [, cqrs] = plugin.plugins;
  expect(() => plugin.chooseTargets(cqrs as plugin.Plugin, "targett=js", () => "")).toThrow(root.OptionError);
  expect(root.OptionError).toBe(tooling.OptionError);
});
