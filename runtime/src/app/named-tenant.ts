import type { AnyMethod } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";

/**
 * Reads the tenant that a call such as `app.eraseSubject` names. Where requests of the contract name tenants it must be given, be it the empty
 * string: left out, data of no tenant would be meant, and nothing would be found.
 */
export function createTenantReader(
  methods: Iterable<AnyMethod>,
): (operation: string, tenant: string | undefined) => string {
  const isRequired = Array.from(methods).some((method) => method.tenant !== undefined);
  return (operation, tenant) => {
    if (tenant !== undefined) return tenant;
    if (!isRequired) return "";
    throw new PotterError(
      "invalid_argument",
      `app.${operation} needs a tenant because the contract has tenants: pass it as the last argument, or by --tenant ("" for data without a tenant)`,
    );
  };
}
