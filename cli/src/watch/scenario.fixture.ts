import { expect } from "vitest";
import { contract } from "../project.fixture.js";
import { limit } from "./watcher.fixture.js";

/** The proto file that tests change. */
export const account = "proto/bank/v1/account.proto";
const first = contract[account] ?? "";
/** Its text with one more command. */
export const withCommand = (name: string): string =>
  first.replace(
    "}\nmessage OpenAccountRequest",
    `  rpc ${name}(${name}Request) returns (${name}Response) {
    option (potter.v1.command) = {emits: "AccountOpened"};
  }
}
message ${name}Request { string account_id = 1; }
message ${name}Response {}
message OpenAccountRequest`,
  );
/** Its text with an error. */
export const broken = first.replace('emits: "AccountOpened"', 'emits: "AccountOpend"');
/** A plugin that generates `a.txt`: `content` is an expression, after some statements. */
export const fakePlugin = (content: string, statements = ""): string => `
import { create, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
process.stdin.on("data", () => {}).on("end", async () => {
  ${statements}
  const file = [{ name: "a.txt", content: ${content} }];
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, create(CodeGeneratorResponseSchema, { file })));
});
`;
/** The arguments that run the server of `serverFiles`. */
export const command = ["--no-scaffold", "--", "node", "src/main.mjs"];
/** Whether a process is there. */
export const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
/** Waits for a condition. */
export const eventually = (read: () => unknown) => expect.poll(read, { timeout: limit, interval: 20 });
