import type { DescFile, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { type ExternalOption, readForeignValue, type Source } from "../descriptors/index.js";
import { messagesOf } from "../model/index.js";

/** The options of Go Potter, by their names. */
export const legacyOptions = {
  service: { name: "potter.service", number: 50001 },
  command: { name: "potter.command", number: 50001 },
  query: { name: "potter.query", number: 50002 },
  event: { name: "potter.event", number: 50001 },
  aggregate: { name: "potter.aggregate", number: 50002 },
  value_object: { name: "potter.value_object", number: 50003 },
  error_event: { name: "potter.error_event", number: 50004 },
} as const satisfies Readonly<Record<string, ExternalOption>>;

/** The name of an option of Go Potter. */
export type LegacyName = keyof typeof legacyOptions;

/** An element that has an option of Go Potter. */
export type LegacyDesc = DescService | DescMethod | DescMessage;

/** What the options of Go Potter can contain. Fields that are not set are absent. */
export interface LegacyValue {
  readonly openapiInfo?: LegacyInfo;
  readonly moduleName?: string;
  readonly transport?: readonly string[];
  readonly enableOpenapi?: boolean;
  readonly openapiVersion?: string;
  readonly aggregate?: string;
  readonly async?: boolean;
  readonly idempotent?: boolean;
  readonly timeoutSeconds?: number;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly cacheable?: boolean;
  readonly cacheTtlSeconds?: number;
  readonly readModel?: string;
  readonly eventType?: string;
  readonly version?: number;
  readonly name?: string;
  readonly repository?: string;
  readonly errorCode?: string;
  readonly retryable?: boolean;
}

/** The metadata of an API. */
export interface LegacyInfo {
  readonly title?: string;
  readonly version?: string;
  readonly description?: string;
  readonly termsOfService?: string;
  readonly contact?: { readonly name?: string; readonly url?: string; readonly email?: string };
  readonly license?: { readonly name?: string; readonly url?: string };
}

/** An option of Go Potter on an element. */
export interface LegacyUse {
  readonly desc: LegacyDesc;
  readonly option: LegacyName;
  readonly value: LegacyValue;
}

/** The options that each kind of element can have. */
const optionsOf = {
  service: ["service"],
  rpc: ["command", "query"],
  message: ["aggregate", "event", "error_event", "value_object"],
} as const satisfies Readonly<Record<LegacyDesc["kind"], readonly LegacyName[]>>;

/** Finds all options of Go Potter in a contract. A contract that does not import their definition is not searched. */
export function findLegacyUses({ registry }: Source): readonly LegacyUse[] {
  const files = [...registry.files];
  if (!files.some(definesLegacy)) return [];
  return files.flatMap((file) => {
    const elements = [...file.services.flatMap((service) => [service, ...service.methods]), ...messagesOf(file)];
    return elements.flatMap((desc) => optionsOf[desc.kind].flatMap((option) => readLegacy(desc, option) ?? []));
  });
}

/** Reads an option of an element. Its definition, which may be of an older release, is that in the contract. */
export function readLegacy(desc: LegacyDesc, option: LegacyName): LegacyUse | undefined {
  const value = readForeignValue<LegacyValue>(desc, legacyOptions[option]);
  return value && { desc, option, value };
}

/** Whether a file defines options of Go Potter. Other packages use the same numbers. */
export function definesLegacy({ proto, extensions }: DescFile): boolean {
  const names = Object.values(legacyOptions).map(({ name }) => name);
  return proto.package === "potter" && extensions.some(({ typeName }) => (names as string[]).includes(typeName));
}
