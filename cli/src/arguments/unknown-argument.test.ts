import { describe, expect, it } from "vitest";
import { CliError } from "../cli-error.js";
import { explainUnknownArgument } from "./unknown-argument.js";

const usage = "potter x [options]";
const names = ["--yes", "--no-scaffold", "--cwd", "--help"];
const explain = (message: string, ...argv: readonly string[]) =>
  explainUnknownArgument(new CliError(message, 2), argv, "potter x", usage, names);

describe("the error for an unknown argument", () => {
  it.each([
    ["an option with a value", "Unknown argument: yess", ["--yess=1"], "--yess: did you mean --yes? "],
    ["an option with no-", "Unknown argument: scafold", ["--no-scafold"], "--no-scafold: did you mean --no-scaffold? "],
    ["a common option", "Unknown argument: cdw", ["--cdw", "x"], "--cdw: did you mean --cwd? "],
    ["a letter", "Unknown argument: q", ["-q"], "-q: "],
    ["the first of several", "Unknown arguments: foo-bar, fooBar", ["x", "--foo-bar"], "--foo-bar: "],
  ])("names %s as it was typed", async (_, message, argv, text) => {
    const error = new CliError(`unknown option ${text}potter x --help lists the options`, 2);
    expect(await explain(message, ...argv)).toEqual(error);
  });

  it("gives the usage for an argument that is no option", async () => {
    expect(await explain("Unknown argument: proto", "--yes", "proto")).toEqual(
      new CliError("unexpected argument proto: expected potter x [options]", 2),
    );
  });

  it("names an option that lacks its value", async () => {
    expect(await explain("Not enough arguments following: into", "--into")).toEqual(
      new CliError("--into needs a value: potter x --help lists the options", 2),
    );
  });

  it("leaves other errors as they are", async () => {
    const errors = [new CliError("the folder is gone", 2), new Error("Unknown argument: x")];
    for (const error of errors)
      expect(await explainUnknownArgument(error, ["x"], "potter x", usage, names)).toBe(error);
  });
});
