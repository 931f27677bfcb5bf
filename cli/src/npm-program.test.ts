import { expect, it } from "vitest";
import { npmProgram } from "./npm-program.js";

it("starts a program as it is", () => {
  const command = ["node_modules/.bin/protoc-gen-es", "a b"];
  expect(npmProgram(command, "linux")).toEqual({ program: command[0], args: ["a b"], shell: false });
});

it.each<[readonly string[], string, readonly string[]]>([
  [["protoc-gen-es"], "protoc-gen-es", []],
  [["node_modules/.bin/protoc-gen-es"], "node_modules\\.bin\\protoc-gen-es", []],
  [["C:\\My Project\\node.exe", "a/b.js"], '"C:\\My Project\\node.exe"', ["a/b.js"]],
  [["npm", "run", "x & y", "ü"], "npm", ["run", '"x & y"', "ü"]],
  [["node", "--define=a", ""], "node", ['"--define=a"', '""']],
  [["node", 'say "hi"'], "node", ['"say ""hi"""']],
])("quotes the words of %j for the shell of Windows", (command, program, args) => {
  expect(npmProgram(command, "win32")).toEqual({ program, args, shell: true });
});
