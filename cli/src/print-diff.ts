/** A line of both texts, of the old one, or of the new one. */
interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

const context = 3;

/** Prints a change as a unified diff that `git apply` takes. undefined as the old text: the file is new. */
export function printDiff(path: string, old: string | undefined, text: string): string {
  const lines = compare(toLines(old ?? ""), toLines(text));
  const head = [`--- ${old === undefined ? "/dev/null" : `a/${path}`}`, `+++ b/${path}`];
  return [...head, ...printHunks(lines)].map((line) => `${line}\n`).join("");
}

/** A last line without an end carries git's remark. */
function toLines(text: string): readonly string[] {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** Compares two texts of which the new one has further lines, and lines that have become longer. */
function compare(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let old = 0;
  let now = 0;
  while (old < before.length || now < after.length) {
    const [skipOld, skipNew] = nextEqual(before, old, after, now);
    for (const text of before.slice(old, old + skipOld)) lines.push({ sign: "-", text });
    for (const text of after.slice(now, now + skipNew)) lines.push({ sign: "+", text });
    old += skipOld;
    now += skipNew;
    if (old < before.length) lines.push({ sign: " ", text: before[old] ?? "" });
    old += 1;
    now += 1;
  }
  return lines;
}

/** How many lines of both texts come before the next equal one. */
function nextEqual(
  before: readonly string[],
  old: number,
  after: readonly string[],
  now: number,
): readonly [number, number] {
  const restOld = before.length - old;
  const restNew = after.length - now;
  for (let sum = 0; sum < restOld + restNew; sum += 1) {
    for (let skipOld = Math.max(0, sum - restNew + 1); skipOld <= Math.min(sum, restOld - 1); skipOld += 1) {
      if (before[old + skipOld] === after[now + sum - skipOld]) return [skipOld, sum - skipOld];
    }
  }
  return [restOld, restNew];
}

function printHunks(lines: readonly DiffLine[]): readonly string[] {
  const changed = lines.flatMap(({ sign }, at) => (sign === " " ? [] : [at]));
  const printed: string[] = [];
  let start = 0;
  for (const [index, at] of changed.entries()) {
    const previous = changed[index - 1];
    if (previous === undefined || at - previous > 2 * context) start = Math.max(0, at - context);
    const next = changed[index + 1];
    if (next !== undefined && next - at <= 2 * context) continue;
    const hunk = lines.slice(start, at + context + 1);
    printed.push(`@@ -${range(lines, start, hunk, "+")} +${range(lines, start, hunk, "-")} @@`);
    printed.push(...hunk.map(({ sign, text }) => sign + text));
  }
  return printed;
}

/** The lines of one text in a hunk: all but those with the sign of the other text. */
function range(lines: readonly DiffLine[], start: number, hunk: readonly DiffLine[], other: "+" | "-"): string {
  const count = (some: readonly DiffLine[]): number => some.filter(({ sign }) => sign !== other).length;
  const length = count(hunk);
  return `${count(lines.slice(0, start)) + (length === 0 ? 0 : 1)},${length}`;
}
