// A limit only ends what hangs: it must not measure how busy the machine is. By default, `vi.waitFor` fails after a second.
import { vi } from "vitest";

type WaitFor = typeof vi.waitFor;

const waitFor: WaitFor = vi.waitFor.bind(vi);
vi.waitFor = ((condition, options) => {
  const given = typeof options === "number" ? { timeout: options } : options;
  return waitFor(condition, { timeout: 300_000, ...given });
}) as WaitFor;
