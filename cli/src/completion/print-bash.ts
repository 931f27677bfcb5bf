import type { CompletedCommand, CompletedFlag, Values, Vocabulary } from "./vocabulary.js";

/** Prints the script for bash, from version 3.2 on, which macOS has. */
export function printBash({ commands, flags }: Vocabulary): string {
  return `# Completion of potter for bash: source <(potter completion bash)

_potter_words() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$2")
}

_potter_paths() {
  local path
  COMPREPLY=()
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen "$1" -- "$2")
}

_potter_list() {
  local word done=""
  [[ $2 == *,* ]] && done="\${2%,*},"
  COMPREPLY=()
  compopt -o nospace 2>/dev/null
  while IFS= read -r word; do
    [[ ",$done" == *",$word,"* ]] || COMPREPLY+=("$done$word")
  done < <(compgen -W "$1" -- "\${2##*,}")
}

_potter_value() {
  case "$1 $2" in
${[{ name: "", flags }, ...commands].flatMap(printValues).join("\n")}
    *) return 1 ;;
  esac
}

_potter() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" previous="" command="" at
  [[ $COMP_CWORD -gt 0 ]] && previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  # Bash splits --option=value at the sign.
  if [[ $cur == "=" ]]; then
    cur=""
  elif [[ $previous == "=" ]]; then
    previous="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in
      --) _potter_paths -f "$cur"; return ;;
      --cwd) [[ \${COMP_WORDS[at + 1]} == "=" ]] && ((at++)); ((at++)) ;;
      -* | =) ;;
      *) [[ -n $command ]] || command="\${COMP_WORDS[at]}" ;;
    esac
  done
  if [[ $previous == -* ]]; then _potter_value "$command" "$previous" && return; fi
  case "$command" in
    "") _potter_words "${[...commands, ...flags].map(({ name }) => name).join(" ")}" "$cur" ;;
${commands.map(printWords).join("\n")}
  esac
}

complete -F _potter potter
`;
}

function printValues({ name, flags }: Pick<CompletedCommand, "name" | "flags">): readonly string[] {
  return flags.flatMap((flag: CompletedFlag) =>
    flag.value === undefined ? [] : [`    "${name} ${flag.name}") ${printValue(flag.value, '"$cur"')} ;;`],
  );
}

function printValue(values: Values, current: string): string {
  switch (values.kind) {
    case "choices":
      return `_potter_words "${values.choices.join(" ")}" ${current}`;
    case "list":
      return `_potter_list "${values.choices.join(" ")}" ${current}`;
    case "file":
      return `_potter_paths -f ${current}`;
    case "folder":
      return `_potter_paths -d ${current}`;
    case "any":
      return "COMPREPLY=()";
  }
}

function printWords({ name, flags, words }: CompletedCommand): string {
  const options = `_potter_words "${flags.map((flag) => flag.name).join(" ")}" "$cur"`;
  if (words === undefined || words.kind === "any") return `    ${name}) ${options} ;;`;
  return `    ${name}) if [[ $cur == -* ]]; then ${options}; else ${printValue(words, '"$cur"')}; fi ;;`;
}
