import type { HelpEntry } from "../arguments/index.js";
import type { CompletedCommand, CompletedFlag, Values, Vocabulary } from "./vocabulary.js";

/** Prints the script for zsh. It can be sourced, and be a file `_potter` of a folder in `fpath`. */
export function printZsh({ commands, flags }: Vocabulary): string {
  return `#compdef potter
# Completion of potter for zsh: source <(potter completion zsh), or save it as _potter in a folder of $fpath.

_potter() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
${commands.map((command) => `    ${quote(describe(command))}`).join("\n")}
  )
  _arguments -C \\
${flags.map((flag) => `    ${printFlag(flag)} \\`).join("\n")}
    '1: :->command' \\
    '*:: :->rest' && return 0
  case "$state" in
    command) _describe -t commands command commands ;;
    rest)
      case "$line[1]" in
${commands.map(printCommand).join("\n")}
      esac
      ;;
  esac
}

if [[ "$funcstack[1]" == "_potter" ]]; then
  _potter "$@"
else
  compdef _potter potter
fi
`;
}

function printCommand({ name, flags, words }: CompletedCommand): string {
  const rest = words === undefined ? [] : [`'*: :${actionOf(words)}'`];
  const parts = [...flags.map(printFlag), ...rest];
  if (parts.length === 0) return `        ${name}) _default ;;`;
  return [
    `        ${name})`,
    "          _arguments \\",
    `${parts.map((part) => `            ${part}`).join(" \\\n")}`,
    "          ;;",
  ].join("\n");
}

function printFlag({ name, summary, value }: CompletedFlag): string {
  const text = `[${summary.replaceAll(/[[\]\\:]/g, "\\$&")}]`;
  // The value may follow behind a space or a sign.
  if (value === undefined) return quote(`${name}${text}`);
  return quote(`*${name}=${text}: :${actionOf(value)}`);
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case "choices":
      return `(${values.choices.join(" ")})`;
    case "list":
      return `_values -s , value ${values.choices.join(" ")}`;
    case "file":
      return "_files";
    case "folder":
      return "_files -/";
    case "any":
      return "( )";
  }
}

function describe({ name, summary }: HelpEntry): string {
  return `${name}:${summary.replaceAll(/[\\:]/g, "\\$&")}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
