import type { DescMessage } from "@bufbuild/protobuf";
import { findBelow } from "./find-below.js";
import { isPersonal } from "./roles.js";

/** Whether a message, or one that it contains, has a field with personal data. The runtime decides alike when it starts. */
export const holdsPersonal: (schema: DescMessage) => boolean = findBelow(({ fields }) => fields.some(isPersonal));
