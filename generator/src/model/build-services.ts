import type { DescFile, DescMethod, DescService } from "@bufbuild/protobuf";
import { MethodOptions_IdempotencyLevel } from "@bufbuild/protobuf/wkt";
import type { Contract, Draft } from "./contract.js";
import { buildDuration } from "./duration.js";
import { buildHttpBindings } from "./http-bindings.js";
import { findIdPath, findTenantField } from "./id-field.js";
import type {
  CommandRole,
  CommandTarget,
  HttpBindingModel,
  MethodModel,
  QueryRole,
  ReadModelDesc,
  ServiceModel,
} from "./model.js";
import { Names, toProperty } from "./names.js";
import { findPages } from "./pages.js";
import { holdsPersonal } from "./personal-present.js";
import { deriveReply } from "./reply.js";
import { isQueryByConvention, type MethodRoles, optionNumbers, readMethodRoles, readServiceOptions } from "./roles.js";
import { hasRules } from "./rules-present.js";
import { readStatus } from "./status.js";
import { findUpdate } from "./update.js";

const streamKinds = {
  unary: "unary",
  server_streaming: "server",
  client_streaming: "client",
  bidi_streaming: "bidi",
} as const;

/** Builds services and their rpcs. Messages must have been built before. */
export function buildServices(contract: Contract): void {
  const readModels = new Map<DescFile, ReadModelDesc[]>();
  for (const readModel of contract.readModel.values()) {
    const { file } = readModel.desc;
    readModels.set(file, [...(readModels.get(file) ?? []), readModel]);
  }
  for (const file of contract.files) {
    contract.services.set(
      file,
      file.services.map((desc) => buildService(contract, desc, readModels.get(file) ?? [])),
    );
  }
}

function buildService(contract: Contract, desc: DescService, own: readonly ReadModelDesc[]): ServiceModel {
  const service: Draft<ServiceModel> = { kind: "service", desc, ...contract.nameOf(desc), methods: [], views: [] };
  const names = new Names();
  service.methods = desc.methods.map((method) =>
    buildMethod(contract, service, method, names.take(toProperty(method.name))),
  );
  const queried = service.methods.flatMap(({ role }) =>
    role.kind === "query" && role.readModel ? [role.readModel] : [],
  );
  service.views = uniqueLocalNames([...own, ...queried]);
  return service;
}

/** Removes read models with a local name that is already taken; those of the file itself come first. */
function uniqueLocalNames(readModels: readonly ServiceModel["views"][number][]): ServiceModel["views"] {
  const byName = new Map<string, ServiceModel["views"][number]>();
  for (const readModel of readModels) if (!byName.has(readModel.localName)) byName.set(readModel.localName, readModel);
  return [...byName.values()];
}

function buildMethod(contract: Contract, service: ServiceModel, desc: DescMethod, localName: string): MethodModel {
  const roles = readMethodRoles(desc);
  const query = isQuery(contract, desc, roles);
  const ref = { desc, option: query ? optionNumbers.query : optionNumbers.command };
  const http = buildHttpBindings(desc, roles.http, contract);
  const method: MethodModel = {
    desc,
    name: desc.name,
    localName,
    service,
    role: query ? buildQuery(contract, desc, roles) : buildCommand(contract, desc, roles, http),
    stream: streamKinds[desc.methodKind],
    http,
    timeout: buildDuration((roles.query ?? roles.command)?.timeout, "timeout", ref, contract.diagnostics),
    tenant: findTenantField(desc.input, contract.diagnostics),
    status: readStatus(desc, contract),
    hasRules: hasRules(desc.input) || hasRules(desc.output),
    recordsPersonal: !query && holdsPersonal(desc.output),
    update: findUpdate(desc.input, http),
    pages: query ? findPages(desc) : undefined,
    idempotent: desc.idempotency !== MethodOptions_IdempotencyLevel.IDEMPOTENCY_UNKNOWN,
  };
  contract.method.set(desc, method);
  return method;
}

function isQuery(contract: Contract, desc: DescMethod, roles: MethodRoles): boolean {
  const { diagnostics } = contract;
  if (roles.command !== undefined && roles.query !== undefined)
    diagnostics.report("two-roles", { desc }, desc.name, "command, query");
  if (roles.query !== undefined) {
    const ref = { desc, option: optionNumbers.query };
    if (desc.idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT) {
      diagnostics.report(
        "query-with-side-effects",
        ref,
        desc.name,
        "its idempotency_level is IDEMPOTENT, which implies side effects",
      );
    }
    const verb = roles.http?.pattern.case;
    if (verb === "put" || verb === "delete" || verb === "patch") {
      diagnostics.report("query-with-side-effects", ref, desc.name, `it is bound to ${verb.toUpperCase()}`);
    }
    return true;
  }
  if (roles.command !== undefined) {
    const ref = { desc, option: optionNumbers.command };
    if (desc.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS) {
      diagnostics.report("command-without-side-effects", ref, desc.name, "its idempotency_level is NO_SIDE_EFFECTS");
    }
    if (roles.http?.pattern.case === "get")
      diagnostics.report("command-without-side-effects", ref, desc.name, "it is bound to GET");
    return false;
  }
  return isQueryByConvention(desc, roles);
}

function buildQuery(contract: Contract, desc: DescMethod, { query }: MethodRoles): QueryRole {
  const ref = { desc, option: optionNumbers.query };
  const ttl = buildDuration(query?.cacheTtl, "cache_ttl", ref, contract.diagnostics);
  const readModel = query?.readModel
    ? contract.reference("readModel", query.readModel, desc.parent.typeName, ref)
    : undefined;
  return { kind: "query", readModel, cacheTtl: ttl };
}

function buildCommand(
  contract: Contract,
  desc: DescMethod,
  { command }: MethodRoles,
  http: readonly HttpBindingModel[],
): CommandRole {
  const scope = desc.parent.typeName;
  const ref = { desc, option: optionNumbers.command };
  const errors = contract.references("error", command?.failsWith ?? [], scope, { ...ref, key: "fails_with" });
  const emits = contract.references("event", command?.emits ?? [], scope, { ...ref, key: "emits" });
  if (emits.length < new Set(command?.emits).size) contract.hasBrokenEmissions = true;
  const aggregate = findAggregate(contract, desc, command?.aggregate ?? "");
  if (aggregate === undefined) {
    const named = command?.aggregate || readServiceOptions(desc.parent)?.aggregate;
    if (emits.length > 0 && !named) contract.diagnostics.report("events-without-aggregate", ref, desc.name);
    if (command !== undefined && command.emits.length > 0) contract.hasBrokenEmissions = true;
    return { kind: "command", target: undefined, errors };
  }
  if (desc.methodKind !== "unary") {
    contract.diagnostics.report("streaming-command", { desc }, desc.name, aggregate.desc.name);
    if (emits.length > 0) contract.hasBrokenEmissions = true;
    return { kind: "command", target: undefined, errors };
  }
  const idPath = findIdPath(desc.input, aggregate.id.name, http, contract.diagnostics);
  const id = idPath.at(-1);
  const creates = command?.creates;
  if (id === undefined && creates !== true) {
    contract.diagnostics.report(
      "command-without-id",
      { desc },
      desc.name,
      desc.input.name,
      aggregate.desc.name,
      aggregate.id.name,
    );
  }
  const reply = deriveReply(desc.input, desc.output, aggregate.id);
  const target: CommandTarget = { aggregate, id, idPath, creates, emits, reply };
  return { kind: "command", target, errors };
}

function findAggregate(contract: Contract, desc: DescMethod, named: string) {
  const scope = desc.parent.typeName;
  if (named !== "")
    return contract.reference("aggregate", named, scope, { desc, option: optionNumbers.command, key: "aggregate" });
  const inherited = readServiceOptions(desc.parent)?.aggregate;
  // An unknown default is reported once, however many rpcs inherit it.
  const quiet = desc !== desc.parent.methods[0];
  if (!inherited) return undefined;
  const ref = { desc: desc.parent, option: optionNumbers.service };
  return quiet
    ? contract.quietly("aggregate", inherited, scope)
    : contract.reference("aggregate", inherited, scope, ref);
}
