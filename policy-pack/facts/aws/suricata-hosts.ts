import { domainPatterns, everyHost, hostPattern, type HostPattern } from "../../host-pattern";

/** The hosts that a rule in Suricata's language lets through by its name. */
export interface SuricataHosts {
  /** What tells the name: the handshake or the request, or the question to a resolver. */
  readonly by: "firewall" | "resolver";
  readonly hosts: readonly HostPattern[];
  /** Why they may be fewer; nothing where they are known. */
  readonly assumption: string | undefined;
}

/** What a rule asks of one text of a packet, such as the name in a handshake. */
interface Match {
  readonly buffer: string;
  /** `undefined` where nothing shows which they are. */
  readonly hosts: readonly HostPattern[] | undefined;
}

/** Keywords that say which text what follows is asked of (Suricata user guide, "HTTP Keywords", "SSL/TLS Keywords"). */
const nameBuffers = new Set(["tls.sni", "http.host", "http.host.raw", "dns.query"]);

/** Older keywords, which stand after what they are about. */
const modifiers: Readonly<Record<string, string>> = {
  tls_sni: "tls.sni",
  http_host: "http.host",
  http_raw_host: "http.host.raw",
  dns_query: "dns.query",
};

/** Of these the two that an older engine took before what they are about. */
const stickyNames: Readonly<Record<string, string>> = { tls_sni: "tls.sni", dns_query: "dns.query" };

/** A content as it is sought: what stands between bars is in hexadecimal. */
function contentText(written: string): string {
  return written
    .replaceAll(/\|([0-9a-f\s]+)\|/gi, (_, bytes: string) =>
      Buffer.from(bytes.replaceAll(/\s/g, ""), "hex").toString("latin1"),
    )
    .replaceAll(/\\(.)/g, "$1");
}

/** The patterns of a content: whether a name begins and ends with it, its flags say. */
function contentPatterns(text: string, flags: ReadonlySet<string>): readonly HostPattern[] {
  const end = flags.has("endswith") ? "" : "**";
  // With dotprefix a dot stands before the name: `.openai.com` is the end of `openai.com` too.
  return flags.has("dotprefix") && text.startsWith(".")
    ? domainPatterns(text).map((pattern) => `${pattern}${end}`)
    : [`${flags.has("startswith") ? "" : "**"}${hostPattern(text)}${end}`];
}

/** What each content of a rule asks of which text. */
function matchesOf(options: readonly string[]): readonly Match[] {
  const found: { buffer: string; text: string | undefined; flags: Set<string> }[] = [];
  let buffer = "";
  for (const option of options) {
    const [, keyword = "", setting = ""] = /^([\w.]+)\s*(?::\s*(.*))?$/s.exec(option) ?? [];
    const name = keyword.toLowerCase();
    const last = found.at(-1);
    const sticky = nameBuffers.has(name) ? name : stickyNames[name];
    if (sticky !== undefined && !(last?.buffer === "" && stickyNames[name] !== undefined)) {
      buffer = sticky;
    } else if (name === "content" || name === "pcre") {
      const [, negation = "", quoted = ""] = /^(!?)\s*"(.*)"/s.exec(setting) ?? [];
      const isRead = name === "content" && negation === "" && quoted !== "";
      found.push({ buffer, text: isRead ? contentText(quoted) : undefined, flags: new Set() });
    } else if (modifiers[name] !== undefined && last !== undefined) {
      last.buffer = modifiers[name] ?? buffer;
    } else if (/^(?:[a-z_]+\.[a-z_.]+|pkt_data|file_data)$/.test(name)) {
      buffer = name;
    } else {
      last?.flags.add(name);
    }
  }
  return found.map(({ buffer: of, text, flags }) => ({
    buffer: of,
    hosts: text === undefined ? undefined : contentPatterns(text, flags),
  }));
}

/**
 * The hosts that a rule which passes packets names; `undefined` where it does not pass them by a name.
 *
 * @param protocol the protocol of its header.
 * @param options its options, each as a keyword and its setting.
 * @param isToAnywhere whether it passes packets to anywhere, should no name be asked for.
 */
export function suricataHosts(
  action: string,
  protocol: string,
  options: readonly string[],
  isToAnywhere: boolean,
): SuricataHosts | undefined {
  if (!/^pass$/i.test(action)) {
    return undefined;
  }
  const matches = matchesOf(options).filter(({ buffer }) => nameBuffers.has(buffer));
  const isOfNames = /^(?:tls|http|http2|quic|dns|doh2)$/i.test(protocol);
  if (matches.length === 0 && !isOfNames && !isToAnywhere) {
    return undefined;
  }
  const by =
    /^dns$/i.test(protocol) || matches.some(({ buffer }) => buffer === "dns.query") ? "resolver" : "firewall";
  // A packet has to meet all that is asked, so that any one of it is no fewer hosts than it lets through: the narrowest is.
  const [narrowest] = matches
    .flatMap(({ hosts }) => (hosts === undefined ? [] : [hosts]))
    .sort((a, b) => stars(a) - stars(b) || a.length - b.length);
  return {
    by,
    hosts: narrowest ?? [everyHost],
    assumption:
      narrowest === undefined && matches.length > 0 ? "which hosts its expression means" : undefined,
  };
}

/** How much of the names that patterns mean is open. */
function stars(patterns: readonly HostPattern[]): number {
  return patterns.reduce((count, pattern) => count + pattern.split("*").length - 1, 0);
}
