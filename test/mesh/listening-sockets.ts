import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The inodes of the sockets that a process has open. */
function socketsOf(pid: number): ReadonlySet<string> {
  const folder = `/proc/${String(pid)}/fd`;
  return new Set(
    readdirSync(folder).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${fd}`))?.[1] ?? [];
      } catch {
        return []; // It was closed in the meantime.
      }
    }),
  );
}

function rows(pid: number, table: string): readonly (readonly string[])[] {
  const lines = readFileSync(`/proc/${String(pid)}/net/${table}`, "utf8")
    .trim()
    .split("\n")
    .slice(1);
  return lines.map((line) => line.trim().split(/\s+/));
}

/** An address of IPv4 and a port, as Linux's tables write them: the bytes of the address in the order of the machine. */
function ipv4(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const bytes = address.match(/../g) ?? [];
  return `${bytes
    .map((byte) => parseInt(byte, 16))
    .reverse()
    .join(".")}:${String(parseInt(port, 16))}`;
}

const isListening = "0A";
/** The flag of a socket of the machine's own that takes connections (`__SO_ACCEPTCON`). */
const acceptsConnections = 0x1_0000;

/**
 * Whatever a process listens on, of any family: `<address>:<port>` of IPv4, and the rest as Linux's tables write it (proc(5),
 * `/proc/net`), with the name of the table.
 */
export function listeningOf(pid: number): readonly string[] {
  const own = socketsOf(pid);
  const inet = (table: string, isTcp: boolean): readonly string[] =>
    rows(pid, table)
      .filter((row) => own.has(row[9] ?? "") && (!isTcp || row[3] === isListening))
      .map(([, local = ""]) => (table === "tcp" ? ipv4(local) : `${table} ${local}`));
  const unix = rows(pid, "unix")
    // Whoever knows its name can write to one of datagrams, which takes no connections.
    .filter(
      (row) =>
        own.has(row[6] ?? "") &&
        (row[7] !== undefined || (parseInt(row[3] ?? "", 16) & acceptsConnections) !== 0),
    )
    .map((row) => `unix ${row[7] ?? "without a name"}`);
  const found = [
    ...inet("tcp", true),
    ...inet("tcp6", true),
    ...inet("udp", false),
    ...inet("udp6", false),
    ...unix,
  ];
  return [...new Set(found)].sort();
}
