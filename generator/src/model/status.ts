import type { DescMethod } from "@bufbuild/protobuf";
import { readOption } from "../descriptors/index.js";
import { openapi_operation } from "../gen/potter/v1/openapi_pb.js";
import type { Contract } from "./contract.js";
import type { SuccessStatus } from "./model.js";

const statuses: readonly SuccessStatus[] = [200, 201, 202, 204];

/** Reads the success status of an rpc. It is part of the contract: the runtime responds with it. */
export function readStatus(desc: DescMethod, { diagnostics }: Contract): SuccessStatus {
  const given = readOption(desc, openapi_operation)?.status;
  if (given === undefined || given === 0) return 200;
  const status = statuses.find((one) => one === given);
  const ref = { desc, option: openapi_operation.number, focus: `${given}` };
  if (status === undefined) diagnostics.report("openapi-status", ref, desc.name, `${given}`);
  if (status !== undefined && status !== 200 && desc.methodKind === "server_streaming")
    diagnostics.report("openapi-status", ref, desc.name, `${given}`);
  return status ?? 200;
}
