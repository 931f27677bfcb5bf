import type { AnyDesc } from "@bufbuild/protobuf";

const nothing = Object.freeze({});

/**
 * Reads the options of each element once, since several ask and reading is dear. Elements without any option, which
 * almost all are, have nothing to read.
 */
export function readOnce<Desc extends AnyDesc, Options extends object>(
  read: (desc: Desc) => Options,
): (desc: Desc) => Options {
  const known = new WeakMap<Desc, Options>();
  return (desc) => {
    if (desc.proto.options === undefined) return nothing as Options;
    let options = known.get(desc);
    if (options === undefined) {
      options = read(desc);
      known.set(desc, options);
    }
    return options;
  };
}
