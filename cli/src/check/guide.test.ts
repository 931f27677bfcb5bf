// docs/guides/checking.md lists every code.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "../../../generator/src/testing/index.js";
import { readAccepted } from "./accepted/index.js";
import { catalogue, surfaces } from "./findings/index.js";
import { formats } from "./reports/index.js";

const guide = readFileSync(join(root, "docs/guides/checking.md"), "utf8");

/** The cells of the rows of a section. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const section = guide.slice(guide.indexOf(`\n## ${heading}\n`)).split(/\n## /)[1] ?? "";
  const cells = section.split("\n").flatMap((line) => (/^\| `\w/.test(line) ? [line.split(" | ")] : []));
  return cells.map((row) => row.map((cell) => cell.replaceAll(/^\| |\s*\|?$|`/g, "").trim()));
}

it("the guide lists every code with its severity and summary", () => {
  const known = surfaces.flatMap((surface) =>
    Object.entries(catalogue).filter(([, entry]) => entry.surface === surface),
  );
  expect(rowsOf("Codes")).toEqual(known.map(([code, { severity, summary }]) => [code, severity, summary]));
});

it("the guide lists every surface and every format", () => {
  const compared = surfaces.filter((surface) => surface !== "acceptances");
  expect(rowsOf("What is compared").map(([name]) => name)).toEqual(compared);
  expect(rowsOf("In CI").map(([name]) => name)).toEqual(Object.keys(formats));
});

it("the guide shows a valid file of accepted changes", () => {
  const [, text = ""] = /```yaml\n(# potter\.accepted\.yaml\n[\s\S]*?)```/.exec(guide) ?? [];
  expect(readAccepted(text, "potter.accepted.yaml")).toEqual([
    {
      code: "event-removed",
      element: "order.placed version 1",
      reason: "no store has such events, the service was never released",
      expires: "2026-12-31",
    },
  ]);
});
