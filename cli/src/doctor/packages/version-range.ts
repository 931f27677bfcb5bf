type Version = readonly [number, number, number];

/**
 * Whether a version is in a range of npm: `^8.23.1`, `>=0.28.19 <0.30`, `^16.9.0 || ^17.0.0`. undefined: the range has a form that this
 * does not know, so nothing can be said. A prerelease counts as the version that it precedes.
 */
export function isInRange(version: string, range: string): boolean | undefined {
  const found = readVersion(version);
  if (found === undefined) return undefined;
  const results = range.split("||").map((part) => {
    const bounds = part
      .trim()
      .split(/\s+/)
      .map((one) => holds(found, one));
    return bounds.includes(undefined) ? undefined : bounds.every(Boolean);
  });
  if (results.includes(true)) return true;
  return results.includes(undefined) ? undefined : false;
}

/** Compares two versions: negative if the first is older. undefined: one of them is no version. */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [readVersion(a), readVersion(b)];
  return left && right && compare(left, right);
}

function holds(version: Version, bound: string): boolean | undefined {
  if (bound === "*" || bound === "x" || bound === "") return true;
  const [, operator = "", text = ""] = /^(\^|~|>=|<=|>|<|=)?v?(\d.*)$/.exec(bound) ?? [];
  const limit = readVersion(text);
  if (limit === undefined) return undefined;
  const order = compare(version, limit);
  switch (operator) {
    case "^":
      return order >= 0 && compare(version, nextOf(limit)) < 0;
    case "~":
      return order >= 0 && compare(version, [limit[0], limit[1] + 1, 0]) < 0;
    case ">=":
      return order >= 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case "<":
      return order < 0;
    default:
      return /^\d+\.\d+\.\d+/.test(text) ? order === 0 : undefined;
  }
}

/** The first version that `^` excludes: the leftmost number that is not 0 may not change. */
function nextOf([major, minor, patch]: Version): Version {
  if (major > 0) return [major + 1, 0, 0];
  return minor > 0 ? [0, minor + 1, 0] : [0, 0, patch + 1];
}

function readVersion(text: string): Version | undefined {
  const [, major, minor = "0", patch = "0"] = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim()) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)];
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
