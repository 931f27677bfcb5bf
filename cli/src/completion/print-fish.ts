import type { CompletedCommand, CompletedFlag, Values, Vocabulary } from "./vocabulary.js";

/** Prints the script for fish. */
export function printFish({ commands, flags }: Vocabulary): string {
  return `# Completion of potter for fish: potter completion fish > ~/.config/fish/completions/potter.fish

function __potter_command
    set -l words (commandline -opc)
    set -e words[1]
    set -l skip 0
    for word in $words
        if test $skip = 1
            set skip 0
        else if test "$word" = --cwd
            set skip 1
        else if not string match -q -- '-*' $word
            echo $word
            return
        end
    end
    return 1
end

function __potter_is
    set -l command (__potter_command)
    test "$command" = $argv[1]
end

function __potter_list
    set -l done (string match -r '.*,' -- (commandline -ct | string replace -r '^--[a-z-]+=' ''))
    for word in $argv
        string match -q -- "*,$word,*" ",$done"; or echo $done$word
    end
end

complete -c potter -f
${[
  ...flags.map((flag) => printFlag(flag, "not __potter_command >/dev/null")),
  ...commands.flatMap((command) => printCommand(command)),
].join("\n")}
`;
}

function printCommand({ name, summary, flags, words }: CompletedCommand): readonly string[] {
  const condition = `__potter_is ${name}`;
  return [
    `complete -c potter -n 'not __potter_command >/dev/null' -a ${name} -d ${quote(summary)}`,
    ...flags.map((flag) => printFlag(flag, condition)),
    ...(words === undefined ? [] : [`complete -c potter -n '${condition}' ${argumentsOf(words)}`]),
  ];
}

function printFlag({ name, summary, value }: CompletedFlag, condition: string): string {
  const form = name.startsWith("--") ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`;
  const rest = value === undefined ? "" : ` ${value.kind === "file" ? "-r" : "-x"} ${argumentsOf(value)}`;
  return `complete -c potter -n '${condition}' ${form}${rest} -d ${quote(summary)}`;
}

function argumentsOf(values: Values): string {
  switch (values.kind) {
    case "choices":
      return `-a ${quote(values.choices.join(" "))}`;
    case "list":
      return `-a ${quote(`(__potter_list ${values.choices.join(" ")})`)}`;
    case "file":
      return "-F";
    case "folder":
      return `-a ${quote("(__fish_complete_directories)")}`;
    case "any":
      return "";
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
