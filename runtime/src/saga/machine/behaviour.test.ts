// Functions of a behaviour that do what the types forbid, or that only a cast or plain JavaScript allows.
import { expect, it } from "vitest";
import { child, command, event, sagaOf, type Trip } from "../saga.fixture.js";
import { Drive } from "./trial.fixture.js";

const hotel = command("hotel");
const kid = sagaOf([hotel], { name: "trips.v1.Kid" });
const late = async (): Promise<never> => {
  throw new Error("nobody handles this");
};

it.each([
  ["a promise", late],
  ["no message", () => null],
  ["a text", () => "t1"],
  ["data without the id", () => ({ email: "ada@example.com" })],
  ["data that cannot be encoded", (data: Trip) => ({ ...data, until: "ada@example.com" })],
])("a response that leads to %s suspends the saga, which keeps its data", (_, response) => {
  const part = sagaOf([hotel], {}, { steps: { hotel: { response: response as never } } });
  const drive = new Drive([part], { email: "bob@example.com" }).reply("hotel");
  const failure = { code: "internal", reason: "response of hotel has thrown" };
  expect(drive.trial.instance).toMatchObject({ status: "suspended", failure });
  expect(drive.data).toMatchObject({ id: "t1", email: "bob@example.com" });
  expect(JSON.stringify(drive.trial.instance.history)).not.toContain("example.com");
});

it("an event whose function is asynchronous stays until the function is mended", () => {
  const broken = sagaOf([event("wait")], {}, { steps: { wait: { event: late as never } } });
  const drive = new Drive([broken]).event();
  expect(drive.status).toBe("suspended");
  expect(drive.trial.instance.frozen.size).toBe(1);
});

it.each([
  ["command", [hotel], { hotel: { command: late } }],
  ["commands", [command("hotel", { forEach: true })], { hotel: { commands: late } }],
  ["commands", [command("hotel", { forEach: true })], { hotel: { commands: () => [late()] } }],
  ["when", [command("hotel", { when: true })], { hotel: { when: late } }],
  ["start", [child("hotel", () => kid.saga)], { hotel: { start: late } }],
  ["start", [child("hotel", () => kid.saga)], { hotel: { start: () => ({ id: "c", until: "x" }) } }],
])("a function %s that returns no message suspends the saga before anything is sent", (what, steps, behaviour) => {
  const drive = new Drive([sagaOf(steps, {}, { steps: behaviour as never }), kid]);
  expect(drive.sent).toEqual([]);
  const failure = { code: "internal", reason: `${what} of hotel has thrown` };
  expect(drive.trial.instance).toMatchObject({ status: "suspended", failure });
});

it("a compensation that is asynchronous suspends the saga, which stays to be compensated", () => {
  const steps = [hotel, command("flight", { after: ["hotel"] })];
  const part = sagaOf(steps, {}, { steps: { hotel: { compensation: late as never } } });
  const drive = new Drive([part]).reply("hotel").fail("flight", "refused");
  expect(drive.sent).toEqual(["hotel", "flight"]);
  expect(drive.trial.instance).toMatchObject({ status: "suspended", before: "compensating" });
});
