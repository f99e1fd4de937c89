import { codeText, plainText } from "./markdown-text";
import { positionUrl, unknownSource, type ProgramSource } from "./program-source";
import { refuses } from "./refuses";
import type {
  Position,
  Report,
  ReportedAccess,
  ReportedProvider,
  ReportedCertificate,
  ReportedChanges,
  ReportedFinding,
  ReportedWaiver,
} from "./report";
import { accessNotes, callText, useTable } from "./reported-access";
import { providersNote, providerTable } from "./reported-providers";
import { daysLeftText } from "./reported-certificates";

/** By this line whoever keeps a comment up to date finds it again. */
export const reportMarker = "<!-- bulkhead-report -->";

/**
 * How many characters each part may have. GitHub takes 65,536 for a whole comment; together these stay well below, with
 * what is around them.
 */
const room = {
  connections: 2000,
  changedFindings: 2000,
  violations: 20_000,
  advice: 6000,
  waivers: 2500,
  certificates: 3000,
  access: 4000,
  providers: 3000,
  warnings: 2000,
};

/** The most of one text that is shown. */
const mostText = 400;

/** The most steps of one path that are shown, and the most of what opens it. */
const mostSteps = 8;

const number = (count: number, one: string, many = `${one}s`): string =>
  `${String(count)} ${count === 1 ? one : many}`;

/** The beginning of a long text; of a character that is cut through, {@link plainText} shows that it is none. */
function cut(text: string): string {
  return text.length <= mostText ? text : `${text.slice(0, mostText)} ...`;
}

const plain = (text: string): string => plainText(cut(text));
const code = (text: string): string => codeText(cut(text));

/** Those of some blocks that have room, in their order, and a sentence on how many others there are. */
function fitting(
  blocks: readonly string[],
  most: number,
  between: string,
  [one, many]: readonly [string, string],
): readonly string[] {
  let length = 0;
  const shown = blocks.filter((block) => {
    const fits = length + block.length + between.length <= most;
    length += fits ? block.length + between.length : 0;
    return fits;
  });
  const left = blocks.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : [shown.join(between)]),
    ...(left === 0
      ? []
      : [
          `_${number(left, `more ${one} is`, `more ${many} are`)} left out here; the report as JSON has all._`,
        ]),
  ];
}

function positionText(position: Position, source: ProgramSource): string {
  const { file, line } = position;
  const shown = code(`${file}:${String(line)}`);
  const url = positionUrl(position, source);
  return url === undefined ? shown : `<a href="${url}">${shown}</a>`;
}

/** What a finding is shown with. */
interface Surroundings {
  readonly waivers: Report["waivers"];
  readonly positions: ReadonlyMap<string, Position | null>;
  readonly source: ProgramSource;
}

function findingBlock(finding: ReportedFinding, { waivers, positions, source }: Surroundings): string {
  const { id, rule, title, severity, verdict, urn, summary, packet, path, openedBy, notes, remedy } = finding;
  const { url, frameworks, position, waiver } = finding;
  const at = (place: Position | null | undefined): string =>
    place === null || place === undefined ? "" : ` at ${positionText(place, source)}`;
  const more = (count: number): readonly string[] =>
    count > mostSteps ? [`${String(count - mostSteps)} more`] : [];
  const waived = waiver === null ? undefined : waivers[waiver];
  return [
    `**${plain(id)} ${plain(title)}**${severity === "unspecified" ? "" : ` · ${severity}`}${verdict === "undetermined" ? " · undetermined: what is not known counts as open" : ""}${waiver === null ? "" : " · waived"}`,
    "",
    `Found: ${plain(summary)}`,
    "",
    `- Resource: ${code(urn)}${at(position)}`,
    ...(packet === null ? [] : [`- Packet: ${code(packet)}`]),
    ...(path.length === 0
      ? []
      : [`- Path: ${[...path.slice(0, mostSteps).map(code), ...more(path.length)].join(" → ")}`]),
    ...(openedBy.length === 0
      ? []
      : [
          `- Opened by: ${[
            ...openedBy
              .slice(0, mostSteps)
              .map(({ urn: opener }) => `${code(opener)}${at(positions.get(opener))}`),
            ...more(openedBy.length),
          ].join(", ")}`,
        ]),
    ...notes.slice(0, mostSteps).map((note) => `- Note: ${plain(note)}`),
    ...(waived === undefined
      ? []
      : [`- Waived until ${plain(waived.expires)} by ${plain(waived.owner)}: ${plain(waived.reason)}`]),
    ...(remedy === null ? [] : [`- **Remedy:** ${plain(remedy)}`]),
    `- Rule: ${code(rule)}${url === null ? "" : `, ${code(url)}`}${frameworks
      .slice(0, 1)
      .map(({ name, reference }) => ` (${plain(`${name} ${reference}`)})`)
      .join("")}`,
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** A table of which only the rows that have room are shown. */
function fittingTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  most: number,
  what: readonly [string, string],
): readonly string[] {
  const [heading = "", rule = "", ...lines] = table(head, rows);
  const [shown, ...rest] = fitting(lines, most, "\n", what);
  return shown?.startsWith("|") === true
    ? [[heading, rule, shown].join("\n"), ...rest]
    : [shown, ...rest].filter((text) => text !== undefined);
}

const waiverHead = ["Rule", "Resource", "Status", "Until", "Owner", "Reason"];

function waiverRow({
  rule,
  resource,
  status,
  expires,
  owner,
  reason,
  problem,
}: ReportedWaiver): readonly string[] {
  return [
    code(rule),
    code(resource),
    problem === null ? status : `${status}: ${plain(problem)}`,
    plain(expires),
    plain(owner),
    plain(reason),
  ];
}

function connectionTable(connections: ReportedChanges["opened"]): readonly string[] {
  return fittingTable(
    ["From", "To", "Protocol", "Port", "Transport", "Opened by"],
    connections.map(({ from, to, protocol, port, transport, openedBy }) => [
      code(from),
      code(to),
      code(protocol),
      code(port),
      code(transport),
      openedBy
        .slice(0, mostSteps)
        .map(({ label }) => code(label))
        .join(", "),
    ]),
    room.connections,
    ["connection", "connections"],
  );
}

function certificateRow(certificate: ReportedCertificate): readonly string[] {
  const { peer, epoch, due, renewal } = certificate;
  return [
    code(peer),
    epoch === null ? "" : String(epoch),
    `${due ? "**due:** " : ""}${plain(daysLeftText(certificate))}`,
    plain(renewal),
  ];
}

/** Who may do what on a platform. */
function accessPart(access: ReportedAccess): readonly string[] {
  const { platform, notKnown, calls } = access;
  if (notKnown !== null) {
    return [`**Not known of ${code(platform)}.** ${plain(notKnown)}`];
  }
  const [head = [], ...rows] = useTable(access);
  return [
    `Platform ${code(platform)}:`,
    ...fittingTable(
      head.map((cell, index) => (index === 0 ? plain(cell) : code(cell))),
      rows.map((cells) => cells.map((cell, index) => (index === 0 ? code(cell) : plain(cell)))),
      room.access,
      ["role", "roles"],
    ),
    ...fitting(
      calls.map((call) => `- ${plain(callText(call))}`),
      room.access,
      "\n",
      ["call", "calls"],
    ),
    ...accessNotes(access).map(plain),
  ];
}

/** Providers, agreements and what may go where. */
function providersPart(providers: readonly ReportedProvider[]): readonly string[] {
  const [head = [], ...rows] = providerTable(providers);
  return [
    ...fittingTable(
      head.map(plain),
      rows.map((cells) => cells.map((cell, index) => (index === 0 ? code(cell) : plain(cell)))),
      room.providers,
      ["provider", "providers"],
    ),
    providersNote,
  ];
}

/** What a change opens or closes: between which zones, and for whom. */
function moved(
  verb: "Opens" | "Closes",
  isWhole: boolean,
  zones: ReportedChanges["zonesOpened"],
  connections: ReportedChanges["opened"],
): readonly string[] {
  if (zones.length === 0 && connections.length === 0) {
    return isWhole ? [`**${verb} nothing.**`] : [];
  }
  const between = zones.map(
    ({ fromZone, toZone, protocol, port }) =>
      `- ${code(fromZone)} → ${code(toZone)}, ${code(`${protocol} ${port}`)}`,
  );
  return [
    `**${verb} ${number(connections.length, "connection")}${zones.length === 0 ? ", none of them between other zones or on another port than before" : ", between zones"}${zones.length === 0 ? "." : ":"}**`,
    ...fitting(between, room.connections, "\n", ["pair of zones", "pairs of zones"]),
    ...(connections.length === 0 ? [] : connectionTable(connections)),
  ];
}

function changesPart(changes: ReportedChanges, findings: readonly ReportedFinding[]): readonly string[] {
  const { base, notCompared, opened, closed, zonesOpened, zonesClosed, newFindings, goneFindings } = changes;
  const { newWaivers, goneWaivers } = changes;
  const isNew = new Set(newFindings);
  const listed = (title: string, list: readonly ReportedFinding[]): readonly string[] =>
    list.length === 0
      ? []
      : [
          `**${title}:**`,
          ...fitting(
            list.map(
              ({ id, level, summary }) =>
                `- ${plain(id)}, ${level === "mandatory" ? "mandatory" : "advice"}: ${plain(summary)}`,
            ),
            room.changedFindings,
            "\n",
            ["finding", "findings"],
          ),
        ];
  const waivers = (title: string, list: readonly ReportedWaiver[]): readonly string[] =>
    list.length === 0
      ? []
      : [
          `**${title}:**`,
          ...fittingTable(waiverHead, list.map(waiverRow), room.waivers, ["waiver", "waivers"]),
        ];
  return [
    "### What changed",
    `Against ${code(base.file)}: stack ${code(base.stack)}, ${base.verdict}.`,
    ...notCompared.map((text) => `**Not compared.** ${plain(text)}`),
    ...moved("Opens", notCompared.length === 0, zonesOpened, opened),
    ...moved("Closes", notCompared.length === 0, zonesClosed, closed),
    ...listed(
      "New findings",
      findings.filter(({ fingerprint }) => isNew.has(fingerprint)),
    ),
    ...listed("Findings that are gone", goneFindings),
    ...waivers("New waivers", newWaivers),
    ...waivers("Waivers that are gone", goneWaivers),
  ];
}

/** What a reader unfolds. */
function folded(title: string, inner: readonly string[]): string {
  return [`<details>`, `<summary>${title}</summary>`, ...inner, "</details>"].join("\n\n");
}

/**
 * The report as Markdown, for one comment on a pull request. What does not fit is counted. No text of the stack means
 * anything in it: see {@link plainText}.
 *
 * @param source where the program is, so that positions are links.
 */
export function markdownReport(report: Report, source: ProgramSource = unknownSource): string {
  const { verdict, project, stack, cloud, resources, matrix, findings, waivers, warnings, changes } = report;
  const { certificates = [], access = [], providers = [] } = report;
  const refusing = findings.filter(refuses);
  const advice = findings.filter(({ level, waiver }) => level === "advisory" && waiver === null);
  const waived = findings.filter(({ waiver }) => waiver !== null);
  const positions = new Map(resources.map(({ urn, position }) => [urn, position]));
  const blocks = (list: readonly ReportedFinding[]): readonly string[] =>
    list.map((finding) => findingBlock(finding, { waivers, positions, source }));
  const counts = [
    number(refusing.length, "violation"),
    ...(waived.length === 0 ? [] : [`${String(waived.length)} waived`]),
    number(advice.length, "piece of advice", "pieces of advice"),
    number(resources.length, "resource"),
    number(matrix.length, "connection"),
  ];
  return `${[
    reportMarker,
    verdict === "accepted" ? "## ✅ Bulkhead: accepted" : "## ❌ Bulkhead: refused",
    `Stack ${code(`${project}/${stack}`)} on ${code(cloud)}: ${counts.join(", ")}.`,
    ...(changes === null ? [] : changesPart(changes, findings)),
    ...(refusing.length === 0
      ? []
      : [
          "### Violations",
          ...fitting(blocks(refusing), room.violations, "\n\n", ["violation", "violations"]),
        ]),
    ...(waived.length === 0
      ? []
      : [
          folded(
            number(waived.length, "waived violation"),
            fitting(blocks(waived), room.advice, "\n\n", ["waived violation", "waived violations"]),
          ),
        ]),
    ...(advice.length === 0
      ? []
      : [
          folded(
            number(advice.length, "piece of advice", "pieces of advice"),
            fitting(blocks(advice), room.advice, "\n\n", ["piece of advice", "pieces of advice"]),
          ),
        ]),
    ...(waivers.length === 0
      ? []
      : [
          "### Waivers",
          ...fittingTable(waiverHead, waivers.map(waiverRow), room.waivers, ["waiver", "waivers"]),
        ]),
    ...(access.length === 0 ? [] : [folded("Who may do what", access.flatMap(accessPart))]),
    ...(providers.length === 0
      ? []
      : [folded(number(providers.length, "LLM provider"), providersPart(providers))]),
    ...(certificates.length === 0
      ? []
      : [
          folded(number(certificates.length, "certificate"), [
            ...fittingTable(
              ["Peer", "Epoch", "Days left", "Renewed by"],
              certificates.map(certificateRow),
              room.certificates,
              ["certificate", "certificates"],
            ),
          ]),
        ]),
    ...(warnings.length === 0
      ? []
      : [
          "### Warnings",
          ...fitting(
            warnings.map((text) => `- ${plain(text)}`),
            room.warnings,
            "\n",
            ["warning", "warnings"],
          ),
        ]),
  ].join("\n\n")}\n`;
}
