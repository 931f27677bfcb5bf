import type { CommandRecord } from "../store/ports/index.js";
import { cutPersonal } from "./cut.js";
import { hasEnvelope } from "./envelope.js";
import { personalOf } from "./personal-contents.js";
import type { Place, Sealer } from "./sealer.js";

/** Encrypts the answers that are recorded of commands. */
export class CommandSealer {
  private readonly sealer: Sealer;

  constructor(sealer: Sealer) {
    this.sealer = sealer;
  }

  /**
   * The record as it is to be stored. Of an answer that names no subject, and of which nobody knows whom it is `about`,
   * the personal fields are not recorded: nobody could ask for them to be forgotten.
   */
  async seal(tenant: string, command: CommandRecord, about: string | undefined): Promise<CommandRecord> {
    const { codec, response } = command;
    const personal = codec && personalOf(codec, codec.decode(response));
    if (personal === undefined) return command;
    const subject = personal.subject ?? about;
    if (subject === undefined) return { ...command, response: cutPersonal(personal.plan, response)?.open ?? response };
    const place = placeOf(tenant, command.id);
    // What was decided is to be recorded, also when the answer tells of somebody forgotten.
    return { ...command, response: await this.sealer.seal(personal.plan, response, subject, place, "leave out") };
  }

  /** An answer that was recorded, without its personal fields if its subject was forgotten. */
  async open(tenant: string, id: string, response: Uint8Array): Promise<Uint8Array> {
    if (!hasEnvelope(response)) return response;
    const [opened] = await this.sealer.open([{ bytes: response, place: placeOf(tenant, id) }]);
    return opened?.bytes ?? response;
  }
}

function placeOf(tenant: string, id: string): Place {
  // No subject is empty, so that each answer says whom it is about: who finds it knows no stream.
  return { tenant, owner: "", parts: ["command", tenant, id], describe: () => `the answer to the command ${id}` };
}
