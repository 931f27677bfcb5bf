import type { DescMessage } from "@bufbuild/protobuf";
import type { MessageLibrary } from "../../messages/index.js";
import type { FileModel, Named } from "../../model/index.js";
import { asType, type Printable, SourceFile, symbol } from "../../printer/index.js";
import { cqrsPath } from "../index.js";
import type { CqrsOptions } from "./options.js";

interface Element extends Named {
  readonly desc: { readonly file: FileModel["desc"] };
}

/** The file under construction, and the references to other elements in it. */
export class FileContext {
  readonly file: SourceFile;
  readonly library: MessageLibrary;
  private readonly model: FileModel;

  constructor(model: FileModel, library: MessageLibrary, options: CqrsOptions) {
    this.model = model;
    this.library = library;
    const typed = [...model.aggregates, ...model.readModels, ...model.services];
    const declared = [
      ...[...model.events, ...model.errors, ...typed].map(({ name }) => name),
      ...typed.map(({ name }) => `${name}Types`),
    ];
    this.file = new SourceFile(cqrsPath(model.desc.name), declared, options.import_extension);
  }

  /** Returns whether an element is declared in this file. */
  isOwn({ desc }: Element): boolean {
    return desc.file === this.model.desc;
  }

  /**
   * Returns the exported constant of an element. Generated files import one another cyclically, so constants of other files may be
   * used in functions only, which run after all files are loaded.
   */
  value(element: Element): Printable {
    return this.isOwn(element) ? element.name : symbol(element.name, { path: cqrsPath(element.desc.file.name) });
  }

  /** Returns the exported types of an element. */
  types(element: Element): Printable {
    const name = `${element.name}Types`;
    return this.isOwn(element) ? name : symbol(name, { path: cqrsPath(element.desc.file.name) }, true);
  }

  codec(message: DescMessage): Printable {
    return this.library.codec(message, this.model.desc.name);
  }

  messageType(message: DescMessage): Printable {
    return asType(this.library.type(message));
  }
}
