import { describe, expect, it } from "vitest";
import { fakeTerminal } from "./fake-terminal.fixture.js";
import { printable, withoutSecrets } from "./printable.js";
import { Progress } from "./progress.js";
import { printTable } from "./table.js";

describe("progress", () => {
  const clock = () => {
    let time = 0;
    const pass = (milliseconds: number): void => {
      time += milliseconds;
    };
    return { now: () => time, pass };
  };

  it("repaints one line of a terminal, with rate and time left", () => {
    const { now, pass } = clock();
    const terminal = fakeTerminal({ interactive: true });
    const progress = new Progress(terminal, { verb: "exported", from: 100, to: 300, now });
    pass(10_000);
    progress.update(5000, 150);
    pass(50);
    progress.update(5001, 151);
    expect(terminal.logged).toBe("\r\x1b[2K[######------------------] 25%  exported 5,000  500/s  30 s left");
    progress.end("done");
    expect(terminal.logged.endsWith("\r\x1b[2Kdone\n")).toBe(true);
    expect(terminal.written).toBe("");
  });

  it("prints a line every few seconds to a log, and none for quick work", () => {
    const { now, pass } = clock();
    const terminal = fakeTerminal();
    const progress = new Progress(terminal, { verb: "exported", to: 10, now });
    progress.update(1, 1);
    expect(terminal.logged).toBe("");
    for (let second = 0; second < 11; second++) {
      pass(1000);
      progress.update(second, 5);
    }
    expect(terminal.logged).toBe("50%  exported 4  1/s  5 s left\n50%  exported 9  1/s  10 s left\n");
  });

  it("prints no percentage for input from a pipe", () => {
    const { now, pass } = clock();
    const terminal = fakeTerminal();
    const progress = new Progress(terminal, { verb: "imported", now });
    pass(5000);
    progress.update(10, 0);
    expect(terminal.logged).toBe("imported 10  2/s\n");
  });
});

describe("printed text", () => {
  it("contains no control characters", () => {
    expect(printable("a\x1b[2J\u009b\u202e\nü😀")).toBe("a\\u001b[2J\\u009b\\u202e\nü😀");
  });

  it("contains no passwords", () => {
    expect(withoutSecrets("connect postgres://ada:s@cret@db:5432/x and postgresql://u@h failed")).toBe(
      "connect postgres://…@db:5432/x and postgresql://…@h failed",
    );
  });

  it("is an aligned table with numbers on the right", () => {
    expect(printTable(["NAME", "N"], [["a", 1], ["bcdef", 100]])).toBe("NAME     N\na        1\nbcdef  100\n"); // biome-ignore format: a table
  });
});
