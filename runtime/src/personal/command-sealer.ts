import { andThen, type MaybePromise } from "../async/index.js";
import type { CommandRecord } from "../store/ports/index.js";
import { cutPersonal } from "./cut.js";
import { cutPlanOf } from "./cut-plan.js";
import { hasEnvelope } from "./envelope.js";
import { personalOf } from "./personal-contents.js";
import type { Place, Sealer } from "./sealer.js";

/** Encrypts and decrypts the recorded responses of commands. */
export class CommandSealer {
  private readonly sealer: Sealer;

  constructor(sealer: Sealer) {
    this.sealer = sealer;
  }

  /**
   * Returns the record with an encrypted response. If the response names no subject and `about` returns none, the personal
   * fields are not recorded, since they could never be erased.
   */
  seal(
    tenant: string,
    command: CommandRecord,
    about: () => string | undefined = () => undefined,
  ): MaybePromise<CommandRecord> {
    const { codec, response } = command;
    if (codec === undefined || cutPlanOf(codec.schema) === undefined) return command;
    const personal = personalOf(codec, codec.decode(response));
    if (personal === undefined) return command;
    const subject = personal.subject ?? about();
    if (subject === undefined) return { ...command, response: cutPersonal(personal.plan, response)?.open ?? response };
    const place = placeOf(tenant, command.id);
    // The decision must be recorded even if the response is about an erased subject, so the fields are omitted.
    const sealed = this.sealer.seal(personal.plan, response, subject, place, "leave out");
    return andThen(sealed, (bytes) => ({ ...command, response: bytes }));
  }

  /** Decrypts a recorded response. It lacks its personal fields if its subject was erased. */
  open(tenant: string, id: string, response: Uint8Array): MaybePromise<Uint8Array> {
    if (!hasEnvelope(response)) return response;
    const opened = this.sealer.open([{ bytes: response, place: placeOf(tenant, id) }]);
    return andThen(opened, ([one]) => one?.bytes ?? response);
  }
}

function placeOf(tenant: string, id: string): Place {
  // The owner is empty, so that each response names its subject: a lookup by command id knows no stream.
  return { tenant, owner: "", parts: ["command", tenant, id], describe: () => `the response of the command ${id}` };
}
