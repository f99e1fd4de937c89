import type { IdentifierKind } from "../identifier-kind";
import type { Recogniser } from "../recogniser";
import type { TokenText } from "../token-text";

/** Words that say that a number follows, whatever it is the number of. */
const numberWords = new Set(
  "number,no,nr,num,nbr,nummer,numero,nro,nº,id,ids,identifier,identification,identifiant,identificador,kennung,kennzahl,kennziffer,matricule,expediente".split(
    ",",
  ),
);
const compound = /.(?:nummer|nr|kennung|kennziffer|kennzahl)$/;
/** What has numbers that are the same for everybody: of drugs, tests, texts, trials, places. */
const ofNobody =
  /^(?:room|bed|trial|study|protocol|model|catalog|catalogue|part|page|version|build|ndc|loinc|cpt|icd|snomed|pubmed|pmid|pmc|doi|isbn|issn|cas|ec|drg|hcpcs|article|line|row|question|figure|table|chapter|section|equation|port|error|code|atc|din|large|small|total|whole|atomic|mass|random|patent|grant|guideline|rs|gene|accession|taxonomy|entrez|uniprot|ensembl|nct|eudract|concept|rxnorm|variant|lab|test|product|item|batch|lote|lot|essai|etude|estudio|ensayo|articulo|modele|modelo|pregunta|pagina|the|of|a|in|and|or|any)$|^(?:artikel|chargen|seiten|zimmer|haus|zulassungs|pharmazentral|kapitel|studien|raum|stations|bett|bestell|modell|telefon|handy|ruf|fax|mobil|durchwahl|postleit|versions|ops|abbildungs|tabellen|frage|katalog|zentral)/;

const kinds: readonly (readonly [RegExp, IdentifierKind])[] = [
  [/patient|akte|record|chart|historia|dossier|aufnahme|fall/, "medical_record_number"],
  [/konto|account|compte|cuenta/, "account_number"],
  [/serie|serial|gerat|device|implant/, "device"],
  [/versicher|police|member|insur|mutuelle|poliza/, "health_plan_number"],
  [/zulassung|licen|lizenz|permis/, "licence_number"],
];
const gap = /^["'’]?[ \t]?[.:#°º=|]{0,2}[ \t]{0,2}["'’#]{0,2}$/;
const value = /[A-Za-z]{0,4}[-/. ]?\d[\dA-Za-z]*(?:[-/.][\dA-Za-z]+| \d{2,})*/y;
const unit =
  /^ ?(?:%|(?:mg|mcg|ug|g|kg|ml|l|mmol|patients?|people|cases|cells|units?|iu|days?|years?|euros?|dollars?)\b)/i;

function digitsIn(text: string): number {
  return text.replaceAll(/\D/g, "").length;
}

/** Whether a token says that the number of something follows that is the same for everybody. */
export function isNumberOfNobody(text: TokenText, token: number): boolean {
  const word = text.word(token);
  const isCompound = word.length > 4 && compound.test(word);
  return (isCompound || numberWords.has(word)) && ofNobody.test(isCompound ? word : text.word(token - 1));
}

/** The kind of what is numbered, or undefined if a number after the token identifies nobody. */
function kindBefore(text: TokenText, token: number): IdentifierKind | undefined {
  const word = text.word(token);
  const isCompound = word.length > 4 && compound.test(word);
  if (!isCompound && !numberWords.has(word)) {
    return undefined;
  }
  const of = isCompound ? word : text.word(token - 1);
  if (ofNobody.test(of) || (of === "" && !/[:#=|]/.test(text.gap(token)))) {
    return undefined;
  }
  return kinds.find(([stem]) => stem.test(of))?.[1] ?? "other";
}

/** Long numbers and codes that are said to be the number or the identifier of something, whatever it is, but for what is nobody's. */
export const numberedValues: Recogniser = {
  shapes: ["number", "code"],
  look: (text, token, report) => {
    let first = token;
    // A few letters may be the beginning of a code.
    if (
      text.isCapitals(token - 1) &&
      /^[-/. ]$/.test(text.gap(token - 1)) &&
      text.raw(token - 1).length <= 4
    ) {
      first = numberWords.has(text.word(token - 1)) ? token : token - 1;
    }
    if (first <= 0 || !gap.test(text.gap(first - 1))) {
      return;
    }
    const kind = kindBefore(text, first - 1);
    const found = kind === undefined ? undefined : text.match(value, text.start(first));
    if (kind === undefined || found === undefined || digitsIn(found[0]) < 5 || found[0].length > 40) {
      return;
    }
    // A trial is registered by the same number for everybody.
    if (/^NCT\d/i.test(found[0])) {
      return;
    }
    const end = text.start(first) + found[0].length;
    if (!unit.test(text.text.slice(end, end + 10))) {
      report(kind, "numbered-value", text.start(first), end);
    }
  },
};
