import { addressRange } from "../../address-range";
import { textOf } from "../../reading";

import { enumOf, type Message } from "./message";

/** Where something listens, or is. */
export type Reach =
  /** Nothing outside of the machine, or of the pod, gets there. */
  | "local"
  | "others"
  /** It is not known. */
  | "unknown";

/** Where an address is, and by which protocol. */
export interface AddressReading {
  readonly reach: Reach;
  /** Whether it is, or may be, one of UDP. */
  readonly isUdp: boolean;
  /** The address as a person writes it. */
  readonly text: string;
}

const loopbacks = ["127.0.0.0/8", "::1/128"].flatMap((text) => addressRange(text) ?? []);

/** Whether a text is an address of the machine's own; names but `localhost` may be anything. */
function isLoopback(text: string): boolean {
  if (text.toLowerCase() === "localhost") {
    return true;
  }
  const one = addressRange(`${text}/${text.includes(":") ? "128" : "32"}`);
  return (
    one !== undefined &&
    loopbacks.some(({ family, from, to }) => family === one.family && from <= one.from && one.to <= to)
  );
}

/** Reads where an address is (Envoy API, `envoy.config.core.v3.Address`). */
export function addressOf(address: Message): AddressReading {
  const socket = address.message("socket_address");
  const set = ["socket_address", "pipe", "envoy_internal_address"].filter(
    (kind) => address.read(kind).kind !== "absent",
  );
  if (address.kind !== "known" || set.length !== 1 || address.besides(set).length > 0) {
    return { reach: "unknown", isUdp: address.kind !== "known", text: "an address that is not known" };
  }
  if (socket.kind === "unknown") {
    return { reach: "unknown", isUdp: true, text: "an address that is not known" };
  }
  if (socket.kind === "absent") {
    return { reach: "local", isUdp: false, text: set[0] ?? "" };
  }
  const host = textOf(socket.read("address"));
  const protocol = enumOf(socket.read("protocol"), ["TCP", "UDP"]);
  const port = socket.read("port_value");
  // An address of another network namespace, or that a resolver of its own understands, may be anything.
  const isPlain =
    socket.read("resolver_name").kind === "absent" &&
    socket.read("network_namespace_filepath").kind === "absent";
  return {
    reach: host.kind !== "known" ? "unknown" : isLoopback(host.value) && isPlain ? "local" : "others",
    isUdp: protocol.kind === "unknown" || (protocol.kind === "known" && protocol.value === "UDP"),
    text:
      host.kind === "known"
        ? `${host.value}${port.kind === "known" ? `:${String(port.value)}` : ""}`
        : "an address that is not known",
  };
}
