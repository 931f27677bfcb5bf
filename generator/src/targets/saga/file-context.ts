import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import type { MessageLibrary } from "../../messages/index.js";
import type { EventModel, FileModel, MethodModel, SagaModel } from "../../model/index.js";
import { asType, type Printable, SourceFile, symbol } from "../../printer/index.js";
import { cqrsPath } from "../index.js";
import type { SagaOptions } from "./options.js";

/** The file under construction, and the references to other elements in it. */
export class FileContext {
  readonly file: SourceFile;
  readonly library: MessageLibrary;
  private readonly model: FileModel;

  constructor(model: FileModel, library: MessageLibrary, options: SagaOptions) {
    this.model = model;
    this.library = library;
    const declared = model.sagas.flatMap(({ name }) => [name, `${name}Types`]);
    this.file = new SourceFile(sagaPath(model.desc), declared, options.import_extension);
  }

  /** Returns the constant of an event. Modules of `cqrs` import no module of sagas, so they are loaded before. */
  event({ name, desc }: EventModel): Printable {
    return symbol(name, { path: cqrsPath(desc.file.name) });
  }

  /** Returns the method of a command. */
  method({ service, localName }: MethodModel): Printable {
    return [symbol(service.name, { path: cqrsPath(service.desc.file.name) }), `.methods.${localName}`];
  }

  /** Returns the constant of a saga. Modules of sagas may import one another cyclically, so it is for use in functions only. */
  saga({ name, desc }: SagaModel): Printable {
    return desc.file === this.model.desc ? name : symbol(name, { path: sagaPath(desc.file) });
  }

  codec(message: DescMessage): Printable {
    return this.library.codec(message, this.model.desc.name);
  }

  messageType(message: DescMessage): Printable {
    return asType(this.library.type(message));
  }
}

function sagaPath(file: DescFile): string {
  return `${file.name}_saga`;
}
