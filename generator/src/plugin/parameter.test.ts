import { describe, expect, it } from "vitest";
import { OptionError } from "../targets/index.js";
import { readParameter } from "./parameter.js";

const specs = {
  messages: { values: ["es", "ts-proto"], default: "es" },
  import_extension: { values: ["js", "none"], default: "js" },
} as const;

const forms = { target: { anyOf: ["ts", "js", "dts"], default: "ts" } } as const;

const readFile = (path: string): string => {
  if (path === "base.yaml") return "info: {}";
  throw new Error(`there is no ${path}`);
};

describe("readParameter", () => {
  it("returns all options, by default or as given", () => {
    expect(readParameter("", specs, readFile)).toEqual({ messages: "es", import_extension: "js" });
    expect(readParameter("messages=ts-proto", specs, readFile)).toEqual({
      messages: "ts-proto",
      import_extension: "js",
    });
    expect(readParameter("import_extension=none,messages=es", specs, readFile)).toEqual({
      messages: "es",
      import_extension: "none",
    });
  });

  it("ignores spaces around pairs and empty pairs", () => {
    expect(readParameter(" messages=ts-proto , ,import_extension=none,", specs, readFile)).toEqual({
      messages: "ts-proto",
      import_extension: "none",
    });
  });

  it("returns the text of a file for a file option", () => {
    const withFile = { base: { file: true } } as const;
    expect(readParameter("base=base.yaml", withFile, readFile)).toEqual({ base: "info: {}" });
    expect(readParameter("", withFile, readFile)).toEqual({ base: "" });
    expect(() => readParameter("base=none.yaml", withFile, readFile)).toThrow(
      new OptionError('cannot read "none.yaml", the file of option "base": there is no none.yaml'),
    );
    const readMissing = () => {
      throw Object.assign(new Error("ENOENT: no such file"), { code: "ENOENT" });
    };
    expect(() => readParameter("base=none.yaml", withFile, readMissing)).toThrow(
      new OptionError('cannot read "none.yaml", the file of option "base": it does not exist'),
    );
    const written = { lock: { file: true, writtenBy: "npx potter lock" } } as const;
    expect(() => readParameter("lock=potter.lock", written, readMissing)).toThrow(
      new OptionError(
        'cannot read "potter.lock", the file of option "lock": it does not exist; `npx potter lock` writes it',
      ),
    );
  });

  it("returns some of several values in one order, each once", () => {
    expect(readParameter("", forms, readFile)).toEqual({ target: "ts" });
    expect(readParameter("target=js", forms, readFile)).toEqual({ target: "js" });
    expect(readParameter("target=dts+js", forms, readFile)).toEqual({ target: "js+dts" });
    expect(readParameter("target=dts+ts+dts", forms, readFile)).toEqual({ target: "ts+dts" });
  });

  it.each([
    [
      "target=cjs",
      'invalid value "cjs" of option "target": expected "ts" or "js" or "dts", joined by "+"; did you mean "js"?',
    ],
    ["target=js+", 'invalid value "" of option "target": expected "ts" or "js" or "dts", joined by "+"'],
    ["target=", 'invalid value "" of option "target": expected "ts" or "js" or "dts", joined by "+"'],
    ["target=js dts", 'invalid value "js dts" of option "target": expected "ts" or "js" or "dts", joined by "+"'],
    ["target=js,target=dts", 'option "target" is set more than once'],
  ])("rejects the combination %j", (parameter, message) => {
    expect(() => readParameter(parameter, forms, readFile)).toThrow(new OptionError(message));
  });

  it.each([
    ["mesages=es", 'unknown option "mesages": expected "messages" or "import_extension"; did you mean "messages"?'],
    ["zebra=1", 'unknown option "zebra": expected "messages" or "import_extension"'],
    ["constructor=es", 'unknown option "constructor": expected "messages" or "import_extension"'],
    ["__proto__=es", 'unknown option "__proto__": expected "messages" or "import_extension"'],
    ["=es", 'unknown option "": expected "messages" or "import_extension"'],
    [
      "messages=tsproto",
      'invalid value "tsproto" of option "messages": expected "es" or "ts-proto"; did you mean "ts-proto"?',
    ],
    ["messages=", 'invalid value "" of option "messages": expected "es" or "ts-proto"'],
    ["messages", 'invalid value "" of option "messages": expected "es" or "ts-proto"'],
    ["messages=es=es", 'invalid value "es=es" of option "messages": expected "es" or "ts-proto"'],
    ["messages=es,messages=es", 'option "messages" is set more than once'],
  ])("rejects %j", (parameter, message) => {
    expect(() => readParameter(parameter, specs, readFile)).toThrow(new OptionError(message));
  });
});
