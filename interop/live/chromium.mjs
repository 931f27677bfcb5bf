import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** The program of Chromium: what POTTER_CHROMIUM names, or what the system has. Undefined if there is none. */
export function findChromium() {
  return [process.env["POTTER_CHROMIUM"], "/usr/bin/chromium"].find((path) => path && existsSync(path));
}

/**
 * Starts a Chromium with an empty profile and without background requests.
 *
 * @param {string} program
 * @param {{ width: number, height: number }} viewport
 * @returns {Promise<{ page: import("playwright-core").Page, close(): Promise<void> }>}
 */
export async function openPage(program, viewport) {
  const profile = await mkdtemp(join(tmpdir(), "potter-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: program,
    viewport,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    page: context.pages()[0] ?? (await context.newPage()),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
