// One language: words that only this project would use are refused in exported names, file names and documentation.
import { describe, expect, it } from "vitest";
import { listFiles, listSources, readText } from "./sources.js";

/** Each refused word, with what to say instead. A word is matched as a whole, in any case. */
const documentation: Readonly<Record<string, string>> = {
  anew: "again",
  bell: "wake signal",
  crew: "worker pool",
  dear: "expensive",
  "ever after": "replays the recorded response",
  "gave up": "abandoned, discarded",
  "gives up": "abandons, discards",
  learnt: "learned",
  "settled head": "high-water mark",
  tenure: "lease",
  told: "receives, is notified, reports",
  whoever: "the caller, the reader: name the subject",
  wished: "requested",
};

/** Parts of names (`ParkedLetters`, `parked-letters.ts`) that are refused in files and exports. */
const names: Readonly<Record<string, string>> = {
  bell: "wake signal",
  claim: "unique value",
  crew: "worker pool",
  figures: "stats",
  forget: "erase",
  forgotten: "erased",
  harm: "fault injection",
  judge: "interop test",
  letters: "dead letters",
  news: "broadcast",
  outflow: "send queue",
  park: "dead-letter",
  parked: "dead letter, blocked",
  remember: "readmit",
  succession: "promotion",
  surroundings: "dependencies",
  tenure: "lease",
  upkeep: "maintenance",
  whoever: "caller",
  wished: "requested",
};

/** The words of a name: `toDeadLetters` → to, dead, letters. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.toLowerCase());
}

/** The refused words of a name. `dead letters` is a term of the field. */
function refusedIn(name: string): readonly string[] {
  const words = wordsOf(name);
  return words.filter((word, at) => word in names && !(word === "letters" && words[at - 1] === "dead"));
}

const sources = [...listSources("runtime/src"), ...listSources("generator/src"), ...listSources("cli/src")];

describe("the vocabulary", () => {
  it("of documentation is that of the field", () => {
    const pattern = new RegExp(`\\b(${Object.keys(documentation).join("|")})\\b`, "gi");
    const found = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...listFiles("docs")]
      .filter((file) => file.endsWith(".md"))
      .flatMap((file) =>
        readText(file)
          .split("\n")
          .flatMap((line, at) =>
            [...line.matchAll(pattern)].map(
              ([word]) => `${file}:${at + 1}: "${word}": say "${documentation[word.toLowerCase()]}"`,
            ),
          ),
      );
    expect(found).toEqual([]);
  });

  it("of file names is that of the field", () => {
    const files = ["runtime/src", "generator/src", "cli/src", "scripts", "interop", "tests", "bench"].flatMap(
      listFiles,
    );
    const found = files.flatMap((file) => refusedIn(file).map((word) => `${file}: "${word}": say "${names[word]}"`));
    expect(found).toEqual([]);
  });

  it("of exported names is that of the field", () => {
    const pattern = /^export (?:declare |abstract |async )*(?:class|const|function\*?|interface|type|enum) (\w+)/gm;
    const found = sources.flatMap((file) =>
      [...readText(file).matchAll(pattern)].flatMap(([, name = ""]) =>
        refusedIn(name).map((word) => `${file}: ${name}: "${word}": say "${names[word]}"`),
      ),
    );
    expect(found).toEqual([]);
  });

  it("is looked for where it could be", () => {
    expect(sources.length).toBeGreaterThan(400);
    expect(refusedIn("toParkedLetters")).toEqual(["parked", "letters"]);
    expect(refusedIn("DeadLetters")).toEqual([]);
  });
});
