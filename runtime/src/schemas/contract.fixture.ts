import { create, createFileRegistry, type DescMessage } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { compileProto } from "../../../generator/src/testing/index.js";

type Find = (name: string) => DescMessage;

/** Compiles a file, proto3 unless it begins with another syntax, and finds its messages by name without the package `t`. */
export function messagesOf(text: string): Find {
  return contractsOf([text], () => "t")[0] as Find;
}

/** Does the same for many files, which are compiled together. Their packages are `p0.t`, `p1.t`, …: see {@link withoutPackage}. */
export function contractsOf(texts: readonly string[], packageOf = (i: number): string => `p${i}.t`): readonly Find[] {
  const sources = texts.map((text, i) => {
    const [, syntax, body] = /^(syntax[^;]*;)?(.*)$/s.exec(text) ?? [];
    return [`${packageOf(i)}.proto`, `${syntax ?? 'syntax = "proto3";'} package ${packageOf(i)}; ${body}`] as const;
  });
  const { protoFile } = compileProto(Object.fromEntries(sources));
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: protoFile }));
  return texts.map((_, i) => (name) => registry.getMessage(`${packageOf(i)}.${name}`) as DescMessage);
}

export function withoutPackage(text: string): string {
  return text.replaceAll(/\bp\d+\.t\./g, "t.");
}
