// Schemas and runtime agree: schemas accept what the codec writes of random messages, and reject changed messages that the codec
// or protovalidate rejects. POTTER_INSTANCES=<count> tries that many random messages of each type, with a new seed each time.
import { afterAll, describe, expect, it } from "vitest";
import { otherContracts, truthContract } from "./contract.js";
import { documentOf, versions } from "./documents.js";
import { SchemaValidator } from "./schema-validator.js";
import { type Effort, Trial } from "./trial.js";

const count = Number(process.env["POTTER_INSTANCES"] ?? 0);
const effort: Effort =
  count > 0
    ? { messages: count, mutants: 10, seed: Date.now() % 2 ** 31 }
    : { messages: 10, mutants: 1, seed: 20_240_517 };

const contracts = [truthContract(), ...otherContracts()];
const total = { messages: 0, instances: 0, mutants: 0, refused: 0, excused: 0 };

describe.each(contracts)("the messages of $name", (contract) => {
  const { messages } = contract;
  // The schemas of 3.2 equal those of 3.1.
  const trial = new Trial(contract, ["3.0", "3.1"], effort);

  it.each(messages)("$typeName: the schemas and the runtime agree", async (desc) => {
    const { instances, mutants, refused, excused, faults } = await trial.run(desc);
    expect([...faults].slice(0, 20), `with the seed ${effort.seed}`).toEqual([]);
    // Few messages are filtered out by rules that the generator of messages cannot satisfy.
    expect(instances).toBeGreaterThan(effort.messages * 0.6);
    expect(refused).toBeGreaterThan(0);
    total.messages++;
    total.instances += instances;
    total.mutants += mutants;
    total.refused += refused;
    total.excused += [...excused.values()].reduce((sum, one) => sum + one, 0);
  });

  it("has the same schemas in 3.1 and 3.2", () => {
    const [, older, newer] = versions.map((version) => documentOf(contract, version).components);
    expect(newer).toEqual(older);
  });
});

describe("fields that callers must send", () => {
  const contract = contracts[0];
  const find = (name: string) => contract?.messages.findIndex(({ typeName }) => typeName === `truth.v1.${name}`) ?? -1;
  const validators =
    contract === undefined ? [] : (["3.0", "3.1"] as const).map((version) => new SchemaValidator(contract, version));
  const whole = { must: "a", mustBePresent: "1", tree: {}, list: ["a"] };

  it.each(validators)("are required in requests and not in responses in $version", (validator) => {
    for (const name of Object.keys(whole)) {
      const { [name as keyof typeof whole]: _left, ...rest } = whole;
      expect(validator.complaint(find("Behaviour"), "input", whole)).toBeUndefined();
      expect(validator.complaint(find("Behaviour"), "input", rest)).toContain(`must have required property '${name}'`);
      expect(validator.complaint(find("Behaviour"), "output", rest)).toBeUndefined();
      expect(validator.complaint(find("BehaviourWithin"), "input", { list: [whole, rest] })).toContain(name);
      expect(validator.complaint(find("BehaviourWithin"), "input", { map: { a: rest } })).toContain(name);
      expect(validator.complaint(find("BehaviourWithin"), "output", { behaviour: rest, list: [rest] })).toBeUndefined();
    }
  });
});

afterAll(() => {
  if (count > 0) process.stdout.write(`${JSON.stringify({ ...total, seed: effort.seed })}\n`);
});
