import type { DescMessage } from "@bufbuild/protobuf";
import { suggest } from "../../diagnostics/index.js";
import type { SagaOptions, SagaStep } from "../../gen/potter/v1/options_pb.js";
import type { Contract, Draft } from "../contract.js";
import { buildDuration } from "../duration.js";
import { findIdField } from "../id-field.js";
import { toSnakeCase } from "../names.js";
import { holdsPersonal } from "../personal-present.js";
import { optionNumbers } from "../roles.js";
import { buildStep } from "./build-step.js";
import type { SagaModel, SagaStepModel } from "./saga-model.js";
import { buildVersion } from "./version.js";

/** Builds sagas. All other elements that they refer to must have been built before. */
export function buildSagas(contract: Contract): void {
  const declared = [...contract.roles].flatMap(([desc, { saga }]) =>
    saga === undefined ? [] : [{ desc, options: saga, model: declareSaga(contract, desc, saga) }],
  );
  // Steps may refer to any other saga.
  for (const { desc, options, model } of declared) {
    const steps = options.step.map((step) => buildStep({ contract, desc, id: model?.id }, step));
    linkSteps(contract, desc, options.step, steps);
    if (model === undefined) continue;
    model.steps = steps;
    model.holdsPersonal = holdsPersonal(desc) || steps.some(sendsPersonal);
  }
}

function declareSaga(contract: Contract, desc: DescMessage, options: SagaOptions): Draft<SagaModel> | undefined {
  const { diagnostics } = contract;
  const ref = { desc, option: optionNumbers.saga };
  const conventional = `${toSnakeCase(desc.name)}_id`;
  const id = findIdField(desc, [conventional, "id"], diagnostics);
  if (id === undefined) diagnostics.report("saga-without-id", { desc }, desc.name, conventional);
  if (options.step.length === 0) diagnostics.report("saga-without-steps", ref, desc.name);
  const { startsOn } = options;
  const event = startsOn === "" ? undefined : contract.reference("event", startsOn, desc.typeName, ref);
  const version = buildVersion(options.version, "version", ref, diagnostics, desc.name);
  const deadline = buildDuration(options.deadline, "deadline", ref, diagnostics);
  if (id === undefined) return undefined;
  const model: Draft<SagaModel> = {
    kind: "saga",
    desc,
    ...contract.nameOf(desc),
    id,
    version: version ?? 1,
    startsOn: event,
    steps: [],
    deadline,
    holdsPersonal: false,
  };
  contract.saga.set(desc, model);
  return model;
}

/** Whether a step sends a command with personal data. Its request is stored until the command is done. */
function sendsPersonal(step: SagaStepModel): boolean {
  if (step.kind !== "command") return false;
  return [step.command, step.compensation].some((method) => method !== undefined && holdsPersonal(method.desc.input));
}

function linkSteps(
  contract: Contract,
  desc: DescMessage,
  options: readonly SagaStep[],
  steps: readonly Draft<SagaStepModel>[],
): void {
  const ref = { desc, option: optionNumbers.saga, key: "after" };
  const byName = new Map(steps.map((step) => [step.name, step]));
  for (const [at, { after }] of options.entries()) {
    const step = steps[at];
    if (step === undefined) continue;
    step.after = [...new Set(after)].flatMap((name) => {
      const found = byName.get(name);
      if (found !== undefined) return found;
      const suggestion = suggest(name, byName.keys());
      const focused = { ...ref, focus: `"${name}"` };
      contract.diagnostics.report("saga-unknown-step", focused, name, step.name, desc.name, suggestion);
      return [];
    });
  }
}
