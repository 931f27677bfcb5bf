// What cases about personal data share: an app, its contents, and the check that no secret is stored or logged.
import { expect } from "vitest";
import type { StoreUnderTest } from "../conformance/cases/index.js";
import type { Logger } from "../cqrs/index.js";
import type { PersonalDataOptions } from "../personal/index.js";
import type { StreamId } from "../store/ports/index.js";
import type { App } from "./app.js";
import { createApp } from "./create-app.js";
import {
  createLetters,
  createMembers,
  createOrders,
  createOrderViews,
  createQueries,
  type Member,
  move,
  type Order,
  place,
  register,
} from "./member.fixture.js";

/** A store, and a dump of its data as text. */
export interface StoreWithDump extends StoreUnderTest {
  /** undefined: the store keeps no data outside of this process. */
  dump?(): Promise<string>;
}

export interface PersonalCase {
  readonly name: string;
  run(open: () => Promise<StoreWithDump>): Promise<void>;
}

/** Personal values that must not appear in clear text in stored data or logs. */
export const secrets = ["ada@example.com", "Markt 7", "Am Anger 3", "bob@example.com", "Schlossgasse"];

export const ada: StreamId = { tenant: "", type: "member", id: "ada" };
export const parts = (mode: "inline" | "async") => [
  createMembers(),
  createOrders(),
  createOrderViews(mode),
  createLetters(),
  createQueries(),
];

interface Started extends StoreWithDump {
  readonly app: App;
  /** Everything that the app has logged. */
  logged(): string;
  /** Another process. */
  another(personalData?: PersonalDataOptions): Promise<App>;
}

/** Defines a case: an app with the parts of `member.fixture.ts`, whose store and logs are searched for secrets afterwards. */
export function personalCase(
  name: string,
  test: (under: Started) => Promise<void>,
  { mode = "inline", personalData }: { mode?: "inline" | "async"; personalData?: PersonalDataOptions } = {},
): PersonalCase {
  return {
    name,
    async run(open) {
      const under = await open();
      const lines: unknown[] = [];
      const log = (...line: unknown[]) => void lines.push(line);
      const logger: Logger = { debug: log, info: log, warn: log, error: log };
      const create = (store: StoreUnderTest["store"], options: PersonalDataOptions | undefined) =>
        createApp({ parts: parts(mode), store, logger, ...(options && { personalData: options }) });
      const app = create(under.store, personalData);
      const apps = [app];
      try {
        await app.start();
        await test({
          ...under,
          app,
          logged: () => print(lines),
          another: async (options = personalData) => {
            const other = create(await under.peer(), options);
            apps.push(other);
            return other;
          },
        });
        for (const secret of secrets) expect(print(lines)).not.toContain(secret);
        for (const secret of secrets) expect((await under.dump?.()) ?? "").not.toContain(secret);
      } finally {
        for (const one of apps.reverse()) await one.stop();
        await under.close();
      }
    },
  };
}

export function print(value: unknown): string {
  return (
    JSON.stringify(value, (_, one: unknown) => (one instanceof Error ? String(one.stack) + print(one.cause) : one)) ??
    ""
  );
}

export async function fill(app: App): Promise<void> {
  await app.send(register, { id: "ada", email: "ada@example.com" }, { commandId: "c1" });
  await app.send(move, { id: "ada", city: "Jena", street: "Markt 7" }, { commandId: "c2" });
  await app.send(register, { id: "bob", email: "bob@example.com" });
  await app.send(place, { id: "o1", memberId: "ada", address: "Am Anger 3" }, { commandId: "c3" });
  await app.send(place, { id: "o1", memberId: "bob", address: "Schlossgasse" });
  await app.waitForProjections();
}

export const dataOf = async (app: App, aggregate: typeof Member | typeof Order, id: string) =>
  (await app.history(aggregate, id)).map(({ data, erased }) => (erased === true ? { data, erased } : data));
