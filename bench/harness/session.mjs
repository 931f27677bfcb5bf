import { openPostgres } from "./postgres.mjs";
import { openProgress } from "./progress.mjs";
import { openResults } from "./results.mjs";
import { measureRounds } from "./rounds.mjs";

/**
 * One run of a benchmark: the works that its form measures, their rounds within a bounded time, and the rows.
 *
 * A benchmark module exports `works` (`{ key, title }`), `forms` and `versions` (packages), and `run(session)`. A form
 * is the settings of the measurements, with `works`: the keys that it measures, undefined for all but those that are
 * only measured on request (`onRequest`), and `minutes`: when the time is over, works end after fewer rounds.
 * `timeShare`: the part of those minutes that this run has. `limit`: the minutes that it has at most.
 */
export function openSession({ name, benchmark, form, only, isPart, timeShare = 1, limit = Infinity }) {
  const { works: keys, minutes, ...settings } = benchmark.forms[form];
  const works = benchmark.works.filter(({ key, onRequest }) =>
    only === undefined ? (keys?.includes(key) ?? onRequest !== true) : only.includes(key),
  );
  if (works.length === 0) {
    throw new Error(`${name} has no work ${only}. There are: ${benchmark.works.map(({ key }) => key).join(", ")}.`);
  }
  const results = openResults({ name, form, part: isPart, versions: benchmark.versions, settings });
  const progress = openProgress({
    name,
    count: works.length,
    minutes: minutes && Math.min(minutes * timeShare, limit),
  });

  return {
    form,
    settings,
    works,
    /** The URL of a PostgreSQL server, whose version is recorded. */
    async postgres() {
      const { url, version } = await openPostgres({ isDurable: form !== "smoke" });
      results.addToMachine({ postgres: version });
      return url;
    },
    /** Calls `measure(work)`, which returns rows, for each work. The rows are stored as soon as they are there. */
    async eachWork(measure) {
      for (const work of works) {
        progress.begin(work.title);
        results.add(await measure(work));
      }
    },
    /**
     * As `measureRounds`, with a line of progress for each measurement, and fewer rounds when the time is short.
     * `independent`: contenders do not share processes, so that a smoke run, which measures nothing, may run several at
     * once.
     */
    measureRounds: ({ contenders, rounds, independent = false, measure }) =>
      measureRounds({
        contenders,
        rounds,
        atOnce: form === "smoke" && independent ? 4 : 1,
        onStep: ({ contender, round, share }) =>
          progress.step(`round ${round + 1} of ${rounds}, ${contender.name}`, share),
        hasTimeFor: (round) => round < (form === "full" ? 3 : 1) || progress.hasTime(round),
        measure,
      }),
    /** Prints the tables. Returns all rows. */
    finish() {
      progress.end();
      return results.finish();
    },
  };
}
