import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { AnyMethod } from "../../../cqrs/index.js";
import { detailsFile } from "./details-file.js";
import { mergeFiles } from "./merge-files.js";
import { toServiceFile } from "./service-file.js";
import { type ExtensionIndex, indexFile } from "./symbols.js";

/** The files of the methods that are reflected: those of their messages, of all that these refer to, and of their services. */
export class ReflectedFiles {
  /** The names of the services. */
  readonly services: readonly string[];
  private readonly files: Map<string, FileDescriptorProto> = new Map();
  /** The file of each symbol. */
  private readonly symbols: Map<string, string> = new Map();
  private readonly extensions: ExtensionIndex = new Map();
  private readonly encoded: Map<string, Uint8Array> = new Map();

  constructor(methods: readonly AnyMethod[]) {
    for (const { request, response, errors } of methods) {
      this.addFile(request.schema.file);
      this.addFile(response.schema.file);
      for (const { codec } of Object.values(errors)) this.addFile(codec.schema.file);
    }
    this.addFile(detailsFile());
    for (const file of this.files.values()) indexFile(file, this.symbols, this.extensions);
    this.services = [...new Set(methods.map(({ service }) => service))].sort();
    for (const service of this.services) {
      // Message libraries other than protobuf-es have no descriptors of services.
      if (this.symbols.has(service)) continue;
      const file = toServiceFile(
        service,
        methods.filter((method) => method.service === service),
      );
      this.files.set(file.name, file);
      indexFile(file, this.symbols, this.extensions);
    }
  }

  /** Returns a file and all that it imports, encoded, the file first; undefined: there is none of this name. */
  byName(name: string): readonly Uint8Array[] | undefined {
    if (!this.files.has(name)) return undefined;
    const found = new Set<string>();
    const visit = (one: string): void => {
      const file = this.files.get(one);
      if (file === undefined || found.has(one)) return;
      found.add(one);
      for (const dependency of file.dependency) visit(dependency);
    };
    visit(name);
    return Array.from(found, (one) => this.encode(one));
  }

  /** Returns the file of a message, an enum, a service, a method or an extension, as `byName` does. */
  bySymbol(symbol: string): readonly Uint8Array[] | undefined {
    const name = this.symbols.get(symbol);
    return name === undefined ? undefined : this.byName(name);
  }

  /** Returns the file of an extension, as `byName` does. */
  byExtension(type: string, number: number): readonly Uint8Array[] | undefined {
    const name = this.extensions.get(type)?.get(number);
    return name === undefined ? undefined : this.byName(name);
  }

  /** Returns the numbers of the extensions of a message; undefined: the message is unknown. */
  extensionsOf(type: string): readonly number[] | undefined {
    if (!this.symbols.has(type)) return undefined;
    return [...(this.extensions.get(type)?.keys() ?? [])].sort((a, b) => a - b);
  }

  private addFile(file: DescFile): void {
    const known = this.files.get(file.proto.name);
    if (known === file.proto) return;
    // Of several generated modules, each has the messages of a file that it needs.
    this.files.set(file.proto.name, known === undefined ? file.proto : mergeFiles(known, file.proto));
    for (const dependency of file.dependencies) this.addFile(dependency);
  }

  private encode(name: string): Uint8Array {
    let bytes = this.encoded.get(name);
    if (bytes === undefined) {
      bytes = toBinary(FileDescriptorProtoSchema, this.files.get(name) ?? create(FileDescriptorProtoSchema));
      this.encoded.set(name, bytes);
    }
    return bytes;
  }
}
