import type { AnyMethod } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";

/**
 * Returns a function that checks the tenant argument of an operation such as `app.eraseSubject`. Where the contract has
 * tenants the argument is required, if only as the empty string: an omitted tenant would silently match no data.
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
