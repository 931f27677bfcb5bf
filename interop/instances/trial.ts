import type { DescField, DescMessage, JsonValue, Message } from "@bufbuild/protobuf";
import fc from "fast-check";
import { Arbitraries } from "./arbitrary-message.js";
import type { Contract } from "./contract.js";
import { type Direction, directions, type Version } from "./documents.js";
import { findGap } from "./known-gaps.js";
import { findSurplus } from "./known-surplus.js";
import { mutate } from "./mutants.js";
import { Oracle } from "./oracle.js";
import { isOwedByCallers } from "./read-rules.js";
import { SchemaValidator } from "./schema-validator.js";

/** The number of cases. */
export interface Effort {
  /** Random messages of each type, for each direction. */
  readonly messages: number;
  /** Messages in which each fault is tried. */
  readonly mutants: number;
  readonly seed: number;
}

/** The results of a trial. */
export interface Findings {
  instances: number;
  mutants: number;
  refused: number;
  /** Mutants that the schema accepts for a known reason, by the name of the gap. */
  readonly excused: Map<string, number>;
  /** Disagreements of a schema and the runtime. */
  readonly faults: Set<string>;
}

/** Compares the schemas of a contract with the runtime, in the versions whose schemas differ. */
export class Trial {
  private readonly contract: Contract;
  private readonly validators: readonly SchemaValidator[];
  private readonly effort: Effort;

  constructor(contract: Contract, versions: readonly Version[], effort: Effort) {
    this.contract = contract;
    this.effort = effort;
    this.validators = versions.map((version) => new SchemaValidator(contract, version));
  }

  /** Tries random messages of a type, and mutants of them. */
  async run(desc: DescMessage): Promise<Findings> {
    const findings: Findings = { instances: 0, mutants: 0, refused: 0, excused: new Map(), faults: new Set() };
    const oracle = await Oracle.create(desc);
    const index = this.contract.messages.indexOf(desc);
    for (const direction of directions) {
      if (direction === "input" && !this.validators.some((validator) => validator.hasInput(index))) continue;
      const tried = new Map<string, number>();
      for (const message of this.sample(desc, direction)) {
        if (oracle.refusals(message).length > 0) continue;
        const json = oracle.write(message);
        findings.instances++;
        this.expectAccepted(desc, direction, json, "a valid message", findings);
        for (const mutant of mutate(desc, json)) {
          const times = tried.get(mutant.label) ?? 0;
          if (times >= this.effort.mutants) continue;
          tried.set(mutant.label, times + 1);
          findings.mutants++;
          const verdict = oracle.decide(mutant.json);
          if (verdict.refused) {
            findings.refused++;
            this.expectRefused(desc, direction, { ...mutant, ...verdict }, findings);
          } else if (direction === "output" && findSurplus(desc, verdict.message) === undefined) {
            this.expectAccepted(desc, direction, oracle.write(verdict.message), `${mutant.label}, rewritten`, findings);
          }
        }
      }
    }
    return findings;
  }

  private sample(desc: DescMessage, direction: Direction): Message[] {
    const owed = (field: DescField) => direction === "input" && isOwedByCallers(field);
    const { messages: numRuns, seed } = this.effort;
    return fc.sample(new Arbitraries({ root: desc, owed }).message(desc), { numRuns, seed });
  }

  private expectAccepted(desc: DescMessage, direction: Direction, json: JsonValue, what: string, { faults }: Findings) {
    for (const validator of this.validators) {
      const complaint = validator.complaint(this.contract.messages.indexOf(desc), direction, json);
      if (complaint === undefined) continue;
      faults.add(
        `${validator.version} ${direction} refuses ${what}: ${complaint} (${JSON.stringify(json).slice(0, 300)})`,
      );
    }
  }

  private expectRefused(desc: DescMessage, direction: Direction, missed: Missed, { excused, faults }: Findings) {
    for (const validator of this.validators) {
      if (validator.complaint(this.contract.messages.indexOf(desc), direction, missed.json) !== undefined) continue;
      const gap = findGap({ ...missed, version: validator.version });
      if (gap !== undefined) excused.set(gap.name, (excused.get(gap.name) ?? 0) + 1);
      else faults.add(`${validator.version} ${direction} accepts ${missed.label}, which is refused by ${missed.rules}`);
    }
  }
}

type Missed = Omit<Parameters<typeof findGap>[0], "version">;
