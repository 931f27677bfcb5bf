/**
 * Prints what is being measured and how long the rest will take: a line that is rewritten on a terminal, elsewhere a
 * line for each work and every ten seconds. `count`: works; `minutes`: what all of them may take.
 */
export function openProgress({ name, count, minutes = Number.POSITIVE_INFINITY }) {
  const start = performance.now();
  const limit = minutes * 60_000;
  let done = -1;
  let title = "";
  let began = start;
  let measuring = start;
  let printed = Number.NEGATIVE_INFINITY;

  const print = (what, share) => {
    const now = performance.now();
    const part = (done + share) / count;
    const elapsed = now - start;
    const left = Math.min((elapsed / part) * (1 - part), Math.max(0, limit - elapsed));
    const estimate = part > 0 ? `, about ${show(left)} left` : "";
    const line = `${name} ${done + 1}/${count}: ${title}; ${what}; ${show(elapsed)}${estimate}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${line.slice(0, process.stderr.columns - 1)}`);
    } else if (share === 0 || now - printed > 10_000) {
      process.stderr.write(`${line}\n`);
      printed = now;
    }
  };

  return {
    begin(next) {
      done++;
      title = next;
      began = performance.now();
      measuring = 0;
      print("preparing", 0);
    },
    /** Before a measurement. `share`: how much of the work is done. */
    step(what, share) {
      measuring ||= performance.now();
      if (share > 0 || process.stderr.isTTY) print(what, share);
    },
    /** Whether the work may go on after so many rounds: each has an equal share of what is left of the time. */
    hasTime(rounds) {
      const now = performance.now();
      const share = (limit - (began - start)) / (count - done);
      return now - began + (now - measuring) / rounds < share;
    },
    end() {
      if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
      process.stderr.write(`${name}: ${show(performance.now() - start)}\n`);
    },
  };
}

function show(milliseconds) {
  const seconds = Math.round(milliseconds / 1_000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
