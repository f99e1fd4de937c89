import type { AddressRange } from "../address-range";
import type { FromResource } from "./fact";
import type { ZoneId } from "../../model/zone";

/** Why a proxy lets something by that it should not. */
export interface ProxyFault extends FromResource {
  /** What it does, after the proxy's name: `passes TLS without ending it`. */
  readonly what: string;
  readonly assumption: string | undefined;
}

/**
 * A proxy that clients call by its own address, and that calls the Internet for them: no route leads to it, so that packets
 * show nothing of the way.
 */
export interface InternetProxy extends FromResource {
  readonly zone: ZoneId | undefined;
  readonly platform: string | undefined;
  /** Where it is called; none where that is not known. */
  readonly addresses: readonly AddressRange[];
  /** What it lets by unread, or for others than it should; none where it is known to let nothing such by. */
  readonly faults: readonly ProxyFault[];
  /** What it is told to let by, and to read. */
  readonly shownBy: readonly FromResource[];
}
