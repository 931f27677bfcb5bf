import { expect, it, vi } from "vitest";
import { silentLogger } from "../cqrs/index.js";
import { createReadiness } from "./readiness.js";

const away = new Error("connect ECONNREFUSED 10.0.0.7:5432");

it("asks once for requests at the same time, and again a second after the response", async () => {
  let time = 0;
  let respond: () => void = () => {};
  const check = vi.fn(() => new Promise<void>((resolve) => (respond = resolve)));
  const isReady = createReadiness(check, silentLogger, () => time);
  const first = [isReady(), isReady()];
  time = 4_000;
  first.push(isReady());
  expect(check).toHaveBeenCalledTimes(1);
  respond();
  expect(await Promise.all(first)).toEqual([true, true, true]);
  time = 4_999;
  expect(await isReady()).toBe(true);
  expect(check).toHaveBeenCalledTimes(1);
  time = 5_000;
  const next = isReady();
  expect(check).toHaveBeenCalledTimes(2);
  respond();
  expect(await next).toBe(true);
});

it("logs the error when the result changes, and only then", async () => {
  let time = 0;
  let isAway = true;
  const logger = { ...silentLogger, warn: vi.fn(), info: vi.fn() };
  const isReady = createReadiness(
    async () => (isAway ? Promise.reject(away) : undefined),
    logger,
    () => time,
  );
  const asked = async () => {
    time += 1_000;
    return isReady();
  };
  expect([await asked(), await asked()]).toEqual([false, false]);
  expect(logger.warn.mock.calls).toEqual([["the app is not ready", { error: away }]]);
  isAway = false;
  expect([await asked(), await asked()]).toEqual([true, true]);
  expect(logger.info.mock.calls).toEqual([["the app is ready again"]]);
  isAway = true;
  expect(await asked()).toBe(false);
  expect(logger.warn).toHaveBeenCalledTimes(2);
});

it("is ready where nothing can be checked", async () => {
  expect(await createReadiness(() => undefined, silentLogger)()).toBe(true);
});
