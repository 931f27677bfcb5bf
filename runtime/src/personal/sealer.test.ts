import { fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { memory } from "../store/memory/index.js";
import type { Snapshot, SubjectKeyStore } from "../store/ports/index.js";
import type { AesKey } from "./aes.js";
import { type CutPlan, cutPlanOf } from "./cut-plan.js";
import { KeyRing, type KeyRingOptions, type UsableKey } from "./key-ring.js";
import { masterKey } from "./master-key.js";
import { personOf } from "./person.fixture.js";
import { findCryptography } from "./platform-cryptography.js";
import { type Place, Sealer } from "./sealer.js";
import { SnapshotSealer } from "./snapshot-sealer.js";
import { createWebCryptography } from "./web-cryptography.js";

const schema = personOf("v3");
const plan = cutPlanOf(schema) as CutPlan;
const ada = { id: "ada", email: "ada@example.com", home: { city: "Jena", street: "Markt 1" } };
const bytes = toBinary(schema, fromJson(schema, ada));
const publicAda = { id: "ada", home: { city: "Jena" } };
const json = (stored: Uint8Array) => toJson(schema, fromBinary(schema, stored));

function placeOf(...parts: (string | number)[]): Place {
  return { tenant: "t", owner: "s1", parts, describe: () => `event ${parts.join(" ")}` };
}
const here = placeOf("here", 1);

let keys: SubjectKeyStore;
const usable = (key: UsableKey | "erased") => key as UsableKey;
const ringOf = (options: Partial<KeyRingOptions> = {}) =>
  new KeyRing(keys, { cryptography: createWebCryptography(), ttl: 1000, limit: 100, ...options });
beforeEach(() => {
  keys = memory().keys as SubjectKeyStore;
});

describe("Sealer", () => {
  it("stores a message that any protobuf reader can decode, without the personal fields", async () => {
    const sealed = await new Sealer(ringOf()).seal(plan, bytes, "ada", here, "refuse");
    expect(Buffer.from(sealed).includes("ada@example.com")).toBe(false);
    expect(Buffer.from(sealed).includes("Markt")).toBe(false);
    expect(json(sealed)).toEqual(publicAda);
    const [opened] = await new Sealer(ringOf()).open([{ bytes: sealed, place: here }]);
    expect(opened).toEqual({ bytes, erased: false });
  });

  it("encrypts and decrypts at once if the key is cached", async () => {
    const sealer = new Sealer(ringOf({ cryptography: findCryptography() }));
    const first = sealer.seal(plan, bytes, "ada", here, "refuse");
    expect(first).toBeInstanceOf(Promise);
    await first;
    const sealed = sealer.seal(plan, bytes, "ada", here, "refuse");
    expect(sealed).toBeInstanceOf(Uint8Array);
    expect(sealer.open([{ bytes: sealed as Uint8Array, place: here }])).toEqual([{ bytes, erased: false }]);
    // Another process reads it by WebCrypto.
    const web = new Sealer(ringOf());
    expect(await web.open([{ bytes: sealed as Uint8Array, place: here }])).toEqual([{ bytes, erased: false }]);
  });

  it("does not decrypt what it has encrypted as long as it caches the key", async () => {
    const cryptography = findCryptography();
    const decrypt = vi.fn();
    const counting: typeof cryptography = {
      ...cryptography,
      key: (raw) => {
        const made = cryptography.key(raw) as AesKey;
        decrypt.mockImplementation((...args: Parameters<AesKey["decrypt"]>) => made.decrypt(...args));
        const encryptInto: AesKey["encryptInto"] = (...args) => made.encryptInto?.(...args);
        return { encrypt: (clear, bound) => made.encrypt(clear, bound), encryptInto, decrypt };
      },
    };
    const ring = ringOf({ cryptography: counting });
    const sealer = new Sealer(ring);
    await ring.toWrite({ tenant: "t", subject: "ada" });
    const sealed = await sealer.seal(plan, bytes, "ada", here, "refuse");
    const copy = [{ bytes: sealed.slice(), place: { ...here, parts: [...here.parts] } }];
    for (let i = 0; i < 3; i++) expect(await sealer.open(copy)).toEqual([{ bytes, erased: false }]);
    expect(decrypt).not.toHaveBeenCalled();
    ring.drop({ tenant: "t", subject: "ada" });
    expect(await sealer.open(copy)).toEqual([{ bytes, erased: false }]);
    expect(decrypt).toHaveBeenCalledTimes(1);
    await keys.erase({ tenant: "t", subject: "ada" });
    ring.drop({ tenant: "t", subject: "ada" });
    expect(await sealer.open(copy)).toMatchObject([{ erased: true }]);
  });

  it("looks for no key of an owner that is new, and uses one that exists all the same", async () => {
    const find = vi.spyOn(keys, "find");
    const mine = { ...here, isNew: true };
    const sealed = await new Sealer(ringOf()).seal(plan, bytes, "s1", mine, "refuse");
    const again = await new Sealer(ringOf()).seal(plan, bytes, "s1", mine, "refuse");
    expect(find).not.toHaveBeenCalled();
    await new Sealer(ringOf()).seal(plan, bytes, "somebody", mine, "refuse");
    expect(find).toHaveBeenCalledTimes(1);
    const opened = await new Sealer(ringOf()).open([sealed, again].map((stored) => ({ bytes: stored, place: here })));
    expect(opened.map(({ erased }) => erased)).toEqual([false, false]);
    await keys.erase({ tenant: "t", subject: "s1" });
    await expect(new Sealer(ringOf()).seal(plan, bytes, "s1", mine, "refuse")).rejects.toMatchObject({
      code: "failed_precondition",
    });
  });

  it("creates no key for a message whose personal fields are not set", async () => {
    const open = toBinary(schema, fromJson(schema, publicAda));
    expect(await new Sealer(ringOf()).seal(plan, open, "ada", here, "refuse")).toBe(open);
    expect(await keys.find([{ tenant: "t", subject: "ada" }])).toEqual([undefined]);
  });

  it("names the subject only if it is not the owner of the place", async () => {
    const sealer = new Sealer(ringOf());
    expect(Buffer.from(await sealer.seal(plan, bytes, "somebody", here, "refuse")).includes("somebody")).toBe(true);
    expect(Buffer.from(await sealer.seal(plan, bytes, "s1", here, "refuse")).includes("s1")).toBe(false);
  });

  it("keeps a message that begins with a field of the envelope's number", async () => {
    const odd = new Uint8Array([0xfa, 0xff, 0xff, 0xff, 0x0f, 2, 65, 66, 10, 1, 49]);
    const sealer = new Sealer(ringOf());
    const sealed = await sealer.seal(plan, odd, "ada", here, "refuse");
    expect(await sealer.open([{ bytes: sealed, place: here }])).toEqual([{ bytes: odd, erased: false }]);
  });

  it("returns the open fields after the subject is erased, and marks them as erased", async () => {
    const ring = ringOf();
    const sealer = new Sealer(ring);
    const sealed = await sealer.seal(plan, bytes, "ada", here, "refuse");
    await keys.erase({ tenant: "t", subject: "ada" });
    ring.drop({ tenant: "t", subject: "ada" });
    const [opened] = await sealer.open([{ bytes: sealed, place: here }]);
    expect(opened?.erased).toBe(true);
    expect(json(opened?.bytes as Uint8Array)).toEqual(publicAda);
    await expect(sealer.seal(plan, bytes, "ada", here, "refuse")).rejects.toMatchObject({
      code: "failed_precondition",
      message: "this subject was erased, so its personal data is not recorded: call app.readmitSubject(subject) first",
    });
  });

  it("reads data from after the subject was readmitted, and no data from before it was erased", async () => {
    const ring = ringOf();
    const sealer = new Sealer(ring);
    const old = await sealer.seal(plan, bytes, "ada", here, "refuse");
    await keys.erase({ tenant: "t", subject: "ada" });
    await keys.readmit({ tenant: "t", subject: "ada" });
    ring.drop({ tenant: "t", subject: "ada" });
    const fresh = await sealer.seal(plan, bytes, "ada", here, "refuse");
    const opened = await sealer.open([old, fresh].map((stored) => ({ bytes: stored, place: here })));
    expect(opened.map(({ erased }) => erased)).toEqual([true, false]);
  });

  it.each([
    ["by WebCrypto", createWebCryptography()],
    ["by the platform, with the key cached", findCryptography()],
  ])(
    "refuses bytes that were changed anywhere, and reveals neither content nor subject: %s",
    async (_, cryptography) => {
      const sealer = new Sealer(ringOf({ cryptography }));
      await sealer.ring.toWrite({ tenant: "t", subject: "ada" });
      const sealed = await sealer.seal(plan, bytes, "ada", here, "refuse");
      for (let i = 5; i < sealed.length; i++) {
        const changed = sealed.slice();
        changed[i] = (changed[i] as number) ^ 1;
        const opening = async () => sealer.open([{ bytes: changed, place: here }]);
        const failure = await opening().catch((error: unknown) => error);
        expect(failure).toMatchObject({ code: "data_loss" });
        expect((failure as Error).message).toMatch(
          /^the (key of the )?personal fields of event here 1 (cannot|is missing)/,
        );
        expect((failure as Error).message).not.toContain("ada");
        expect((failure as Error).cause).toBeUndefined();
      }
    },
  );

  it.each([
    ["by WebCrypto", createWebCryptography()],
    ["by the platform, with the key cached", findCryptography()],
  ])("refuses bytes in another place, of another subject or tenant: %s", async (_, cryptography) => {
    const sealer = new Sealer(ringOf({ cryptography }));
    await sealer.ring.toWrite({ tenant: "t", subject: "s1" });
    const sealed = await sealer.seal(plan, bytes, "s1", here, "refuse");
    await sealer.seal(plan, bytes, "s1", { ...here, tenant: "u" }, "refuse");
    await sealer.seal(plan, bytes, "s2", here, "refuse");
    const others = [placeOf("here", 2), placeOf("here1", 1), { ...here, tenant: "u" }, { ...here, owner: "s2" }];
    for (const place of others) {
      await expect((async () => sealer.open([{ bytes: sealed, place }]))()).rejects.toMatchObject({
        message: `the personal fields of ${place.describe()} cannot be decrypted: they were changed or moved`,
      });
    }
  });

  it("does not treat a table of keys that belongs to other events as an erased subject", async () => {
    const sealed = await new Sealer(ringOf()).seal(plan, bytes, "ada", here, "refuse");
    keys = memory().keys as SubjectKeyStore;
    await expect(new Sealer(ringOf()).open([{ bytes: sealed, place: here }])).rejects.toMatchObject({
      code: "data_loss",
      message:
        "the key of the personal fields of event here 1 is missing, although its subject was not erased: " +
        "expected the keys of these events",
    });
  });
});

describe("KeyRing", () => {
  const id = { tenant: "t", subject: "ada" };
  let now = 0;
  beforeEach(() => {
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
    return () => clock.mockRestore();
  });

  it("creates one key for any number of concurrent requests", async () => {
    const rings = [ringOf(), ringOf(), ringOf()];
    const made = await Promise.all(Array.from({ length: 9 }, (_, i) => (rings[i % 3] as KeyRing).toWrite(id)));
    expect(new Set(made.map((key) => Buffer.from(usable(key).raw).toString("hex"))).size).toBe(1);
  });

  it("reads the keys of many events in one round trip, and again only after the time to live", async () => {
    const ring = ringOf({ ttl: 40 });
    const ids = Array.from({ length: 20 }, (_, i) => ({ tenant: "t", subject: `s${i % 5}`, generation: 1 }));
    for (const subject of ids) await ring.toWrite(subject);
    now += 50;
    const find = vi.spyOn(keys, "find");
    await ring.toRead(ids);
    await ring.toRead(ids);
    expect(find.mock.calls.map(([ids]) => ids.length)).toEqual([5]);
    now += 50;
    await Promise.all([ring.toRead(ids), ring.toRead(ids)]);
    expect(find.mock.calls.map(([ids]) => ids.length)).toEqual([5, 5]);
  });

  it("detects after the time to live that another process has erased a subject, and a newer key at once", async () => {
    const [one, other] = [ringOf({ ttl: 30 }), ringOf({ ttl: 30 })];
    await one.toWrite(id);
    await keys.erase(id);
    other.drop(id);
    expect((await one.toRead([{ ...id, generation: 1 }]))[0]).toMatchObject({ generation: 1 });
    now += 40;
    expect(await one.toRead([{ ...id, generation: 1 }])).toEqual(["erased"]);
    await keys.readmit(id);
    const key = await other.toWrite(id);
    expect((await one.toRead([{ ...id, generation: 2 }]))[0]).toMatchObject({ generation: 2, raw: usable(key).raw });
  });

  it("caches no more keys than its limit", async () => {
    const ring = ringOf({ limit: 3 });
    for (let i = 0; i < 5; i++) await ring.toWrite({ tenant: "t", subject: `s${i}` });
    const find = vi.spyOn(keys, "find");
    for (const i of [4, 3, 2, 0]) await ring.toRead([{ tenant: "t", subject: `s${i}`, generation: 1 }]);
    expect(find).toHaveBeenCalledTimes(1);
  });

  it("forgets the oldest key first, also after others were dropped", async () => {
    const ring = ringOf({ limit: 3 });
    const subject = (i: number) => ({ tenant: "t", subject: `s${i}` });
    const find = vi.spyOn(keys, "find");
    const isCached = async (i: number) => {
      find.mockClear();
      await ring.toRead([{ ...subject(i), generation: 1 }]);
      return find.mock.calls.length === 0;
    };
    for (let i = 0; i < 4; i++) await ring.toWrite(subject(i));
    for (const i of [1, 2, 3]) ring.drop(subject(i));
    for (let i = 4; i < 9; i++) await ring.toWrite(subject(i));
    expect([await isCached(6), await isCached(7), await isCached(8)]).toEqual([true, true, true]);
    expect(await isCached(5)).toBe(false);
    // It was read into the cache again, in place of the oldest.
    expect([await isCached(6), await isCached(7)]).toEqual([false, false]);
  });

  it("does not cache a key whose subject is erased while it is read", async () => {
    await ringOf().toWrite(id);
    const ring = ringOf();
    const reading = ring.toRead([{ ...id, generation: 1 }]);
    await keys.erase(id);
    ring.drop(id);
    await reading;
    expect(await ring.toRead([{ ...id, generation: 1 }])).toEqual(["erased"]);
  });

  it("reports how to fix that keys are wrapped and nothing unwraps them", async () => {
    await ringOf({ wrap: masterKey({ id: "m1", key: new Uint8Array(32) }) }).toWrite(id);
    await expect(ringOf().toRead([{ ...id, generation: 1 }])).rejects.toMatchObject({
      code: "failed_precondition",
      message:
        'a key of personal data is wrapped by "m1", and this app has nothing to unwrap it with: give createApp "personalData.wrap"',
    });
  });
});

describe("masterKey", () => {
  const id = { tenant: "t", subject: "ada" };
  const old = Buffer.alloc(32, 1).toString("base64");
  const fresh = new Uint8Array(32).fill(2);

  it("stores no key that can be used without it", async () => {
    const { raw } = usable(await ringOf({ wrap: masterKey({ id: "m1", key: old }) }).toWrite(id));
    const [stored] = await keys.find([id]);
    expect(stored?.wrapped?.wrappedBy).toBe("m1");
    expect(Buffer.from(stored?.wrapped?.key as Uint8Array).includes(Buffer.from(raw))).toBe(false);
    const again = await ringOf({ wrap: masterKey({ id: "m2", key: fresh, previous: { m1: old } }) }).toWrite(id);
    expect(usable(again).raw).toEqual(raw);
  });

  it("unwraps no key that was just wrapped", async () => {
    const wrap = masterKey({ id: "m1", key: old });
    const unwrap = vi.spyOn(wrap, "unwrap");
    const made = usable(await ringOf({ wrap }).toWrite(id));
    expect(unwrap).not.toHaveBeenCalled();
    expect(usable(await ringOf({ wrap }).toWrite(id)).raw).toEqual(made.raw);
    expect(unwrap).toHaveBeenCalledTimes(1);
  });

  it("refuses a key that it did not wrap for this subject", async () => {
    const wrap = masterKey({ id: "m1", key: old });
    await ringOf({ wrap }).toWrite(id);
    const [stored] = await keys.find([id]);
    const other = { tenant: "t", subject: "bob" };
    await keys.create(other, stored?.wrapped as never);
    for (const [by, subject] of [
      [masterKey({ id: "m1", key: fresh }), id],
      [wrap, other],
    ] as const) {
      await expect(ringOf({ wrap: by }).toWrite(subject)).rejects.toMatchObject({
        code: "failed_precondition",
        message:
          'a key of personal data cannot be unwrapped by the master key "m1": expected the master key that it was wrapped by',
      });
    }
    await expect(ringOf({ wrap: masterKey({ id: "m2", key: fresh }) }).toWrite(id)).rejects.toMatchObject({
      message:
        'a key of personal data is wrapped by the master key "m1", which is not known here: add it to "previous"',
    });
  });

  it("reports what a key must be without revealing it", () => {
    const made = (key: string | Uint8Array) => () => masterKey({ id: "m1", key });
    expect(made("c2VjcmV0")).toThrow('expected 32 bytes as the master key "m1", found 6');
    expect(made("!secret!")).toThrow('expected 32 bytes as the master key "m1", found something that is not base64');
    expect(() => masterKey({ id: "", key: fresh })).toThrow("a master key needs an id that is not empty");
  });
});

describe("SnapshotSealer", () => {
  const stream = { tenant: "t", type: "Order", id: "1" };
  const snapshot = { version: 5, stateVersion: 2, state: Buffer.from("ada@example.com") };

  it("seals a state for all subjects whose data it holds, so that erasing any of them loses it", async () => {
    const ring = ringOf();
    const sealer = new SnapshotSealer(ring);
    const sealed = (await sealer.seal(stream, snapshot, ["bob", "ada"])) as Snapshot;
    expect(Buffer.from(sealed.state).includes("@example")).toBe(false);
    expect(Buffer.from((await sealer.open(stream, sealed)) as Uint8Array).toString()).toBe("ada@example.com");
    await keys.erase({ tenant: "t", subject: "bob" });
    ring.drop({ tenant: "t", subject: "bob" });
    expect(await sealer.open(stream, sealed)).toBe("erased");
    expect(await sealer.seal(stream, snapshot, ["bob", "ada"])).toBeUndefined();
  });

  it("derives the key of a state by HKDF-SHA-256", async () => {
    const ring = ringOf({ cryptography: findCryptography() });
    const { state } = (await new SnapshotSealer(ring).seal(stream, snapshot, ["ada"])) as Snapshot;
    const { raw } = usable(await ring.toWrite({ tenant: "t", subject: "ada" }));
    const base = await crypto.subtle.importKey("raw", new Uint8Array(raw), "HKDF", false, ["deriveBits"]);
    const by = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: Buffer.from("potter snapshot") };
    const key = await findCryptography().key(new Uint8Array(await crypto.subtle.deriveBits(by, base, 256)));
    // Format, number of subjects, generation, length of the subject, subject.
    const head = state.subarray(0, 7);
    const bound = Buffer.concat([Buffer.from('["snapshot","t","Order","1",5,2]\0'), head]);
    expect(Buffer.from(await key.decrypt(state.subarray(7), bound)).toString()).toBe("ada@example.com");
  });

  it("rejects a state that was moved, changed, or never sealed", async () => {
    const sealer = new SnapshotSealer(ringOf());
    const sealed = (await sealer.seal(stream, snapshot, ["ada"])) as Snapshot;
    expect(await sealer.open({ ...stream, id: "2" }, sealed)).toBe("unreadable");
    expect(await sealer.open(stream, { ...sealed, version: 6 })).toBe("unreadable");
    expect(await sealer.open(stream, snapshot)).toBe("unreadable");
    expect(await sealer.open(stream, { ...snapshot, state: new Uint8Array([1, 1, 1, 200]) })).toBe("unreadable");
    const changed = sealed.state.slice();
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    expect(await sealer.open(stream, { ...sealed, state: changed })).toBe("unreadable");
  });
});
