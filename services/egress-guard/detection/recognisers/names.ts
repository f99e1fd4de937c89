import { ordinaryCities } from "../lists/cities";
import { eponymNouns, eponyms } from "../lists/eponyms";
import { ordinaryGivenNames, popularGivenNames, rareGivenNames } from "../lists/given-names";
import {
  aboutPatients,
  afterMyPatient,
  birthNotes,
  clinicalWords,
  closings,
  doubtfulTitles,
  letterHeadings,
  namesToo,
  nameCues,
  nameLabels,
  noNames,
  particles,
  personVerbs,
  relatives,
  salutations,
  smallTitles,
  titles,
} from "../lists/no-names";
import { largePlaces } from "../lists/places";
import { ordinarySurnames, surnames as plainSurnames } from "../lists/surnames";
import type { Recogniser, Report } from "../recogniser";
import type { TokenText } from "../token-text";

/** How sure it is that a word is a given name. */
const given = new Map<string, "popular" | "rare" | "ordinary">([
  ...rareGivenNames.map((name) => [name, "rare"] as const),
  ...ordinaryGivenNames.map((name) => [name, "ordinary"] as const),
  ...popularGivenNames.map((name) => [name, "popular"] as const),
]);
/** How sure it is that a word is a family name. */
const surnames = new Map<string, "plain" | "ordinary">([
  ...ordinarySurnames.map((name) => [name, "ordinary"] as const),
  ...plainSurnames.map((name) => [name, "plain"] as const),
]);
const placesToo = new Set([...ordinaryCities, ...largePlaces]);

/** What stands between the words of a name. */
const joint = /^(?: {1,2}|\. ?| ?[-‐‑] ?|['’]|\u00a0)$/;
const initial = /^[A-Z]$/;

function isNoName(word: string): boolean {
  return noNames.has(word) && given.get(word) !== "popular";
}

/** Whether a word can be part of a name: it begins with a capital letter, and is none of those that never are. */
export function isNameWord(text: TokenText, token: number): boolean {
  return (
    text.isCapital(token) &&
    !text.hasDigit(token) &&
    !isNoName(text.word(token)) &&
    !/^(?:I{2,3}|IV|VI{0,3}|IX)$/.test(text.raw(token))
  );
}

/** The last word of the name that goes on from a token that is one of its words. */
export function lastOfName(text: TokenText, token: number, most: number): number {
  let last = token;
  let words = 1;
  for (let at = token + 1; at < text.count && words < most; at += 1) {
    const gap = text.isSpaced(at - 1) ? " " : text.gap(at - 1);
    // A sentence may end after a word; a point after a single letter or a title is none.
    if (
      (gap !== " " && !joint.test(gap)) ||
      (gap.startsWith(".") && text.end(at - 1) - text.start(at - 1) > 2)
    ) {
      break;
    }
    const word = text.word(at);
    const apostrophe = gap === "'" || gap === "’";
    if (apostrophe && (word === "s" || !text.isCapital(at))) {
      break;
    }
    if (
      text.end(at) - text.start(at) === 1 &&
      initial.test(text.raw(at)) &&
      (text.gap(at).startsWith(".") || isNameWord(text, at + 1))
    ) {
      last = at;
      continue;
    }
    if (
      particles.has(word) &&
      joint.test(text.gap(at)) &&
      (isNameWord(text, at + 1) || (particles.has(text.word(at + 1)) && isNameWord(text, at + 2)))
    ) {
      continue;
    }
    if (!isNameWord(text, at) || eponymNouns.has(word) || personNouns.has(word)) {
      break;
    }
    last = at;
    words += 1;
  }
  return last;
}

/** Capitalised words that follow a name without being part of it. */
const personNouns = new Set(
  "family household residence returned called phone mobile cell tel fax email dob born age aged mrn room bed".split(
    " ",
  ),
);

/** Whether what looks like a name is a disease, a sign, a score or an institution. */
export function isEponym(text: TokenText, last: number): boolean {
  for (let after = last + 1; after <= last + 3 && after < text.count; after += 1) {
    if (!text.isSpaced(after - 1) && !/^(?:['’]| ?[-–/] ?|['’] | & )$/.test(text.gap(after - 1))) {
      return false;
    }
    if (eponymNouns.has(text.word(after))) {
      return true;
    }
    if (text.word(after) !== "s" && !text.isCapital(after) && after > last + 1) {
      return false;
    }
  }
  return false;
}

/** Where a name begins whose word before may be an initial: J. Smith. */
function tell(text: TokenText, first: number, last: number, by: string, report: Report): void {
  report("name", by, text.start(first), text.end(last));
}

/** After a title: Dr. Young, Frau von Ahlen, Mme Lefèvre-Dupont. */
function lookAtTitle(text: TokenText, token: number, report: Report): boolean {
  const gap = text.gap(token);
  if (!/^(?:\. ?|\/[A-Z]?\.? ?| )$/.test(gap) && gap !== ". \n") {
    return false;
  }
  const raw = text.raw(token);
  const word = text.word(token);
  // MS is multiple sclerosis, and ms a thousandth of a second.
  if (
    (!text.isCapital(token) && !smallTitles.has(word)) ||
    (raw.length > 1 && text.isCapitals(token) && !text.isCapitals(token + 1)) ||
    raw === "MS"
  ) {
    return false;
  }
  let first = token + 1;
  while (titles.has(text.word(first)) && text.isCapital(first) && /^(?:\. ?| )$/.test(text.gap(first))) {
    first += 1;
  }
  const single =
    initial.test(text.raw(first)) && (text.gap(first).startsWith(".") || isNameWord(text, first + 1));
  const particle = particles.has(text.word(first)) && isNameWord(text, first + 1);
  // Dear Dr. Will: a word as well, but not before what asks something of the doctor.
  const wordToo =
    text.isCapital(first) &&
    namesToo.has(text.word(first)) &&
    (!doubtfulTitles.has(word) || salutations.has(text.word(token - 1))) &&
    !/^(?:i|you|we|he|she|they|it|this|the)$/.test(text.word(first + 1));
  if (!isNameWord(text, first) && !single && !particle && !wordToo) {
    return false;
  }
  if (doubtfulTitles.has(word) && !salutations.has(text.word(token - 1))) {
    const known =
      given.has(text.word(first)) ||
      surnames.has(text.word(first)) ||
      isNameWord(text, first + 1) ||
      particle;
    if (!known || (word === "m" && gap !== ". ")) {
      return false;
    }
    if (isEponym(text, first)) {
      return false;
    }
  }
  tell(text, first, lastOfName(text, first, 4), "title", report);
  return true;
}

/** Labels of a patient's name that are words of other things as well. */
const ofPatients = new Set("patient pt patientin paciente client resident".split(" "));

/** Whether a line, a cell of a table or a string ends after a token. */
export function endsField(text: TokenText, last: number): boolean {
  return last + 1 >= text.count || /^[ \t]*[\r\n|"'”;]/.test(text.gap(last));
}

/** The last word of a name that is one by what stands around it. */
function lastOfNameByPlace(text: TokenText, token: number, found: number): number | undefined {
  const more =
    found === token &&
    text.gap(token) === " " &&
    text.isCapital(token + 1) &&
    namesToo.has(text.word(token + 1));
  const last = more ? token + 1 : found;
  return isNameByPlace(text, token, last) ? last : undefined;
}

/** Whether what stands around two words or more with capitals says that they are somebody's name, known or not. */
function isNameByPlace(text: TokenText, token: number, last: number): boolean {
  // Abbreviations and what is written in capitals are something else.
  if (last === token || text.isCapitals(token) || text.isCapitals(last) || isClinical(text, token, last)) {
    return false;
  }
  const gap = text.gap(last);
  const next = text.word(last + 1);
  const known = isKnown(text, token) || isKnown(text, last);
  if (birthNotes.has(next) && /^(?:,? |, ?\*| ?\(\*?)$/.test(gap)) {
    // Infants are born, and in French `ne` begins a negation.
    return known || !(next === "born" || (next === "ne" && !/é/i.test(text.raw(last + 1))));
  }
  const before = text.word(token - 1);
  const gapBefore = text.gap(token - 1);
  if (/^(?:,? )$/.test(gapBefore)) {
    if (relatives.has(before)) {
      return true;
    }
    if (aboutPatients.has(before)) {
      return (
        known ||
        aboutNobodyElse.has(before) ||
        (aboutAnything.has(before) && endsField(text, last) && !seemsClinical(text, token, last))
      );
    }
    return before === "a" && text.word(token - 2) === "ver";
  }
  if (/\n/.test(gapBefore) && endsField(text, last)) {
    return (
      (closings.has(before) && /^[,.:!]?\s*$/.test(gapBefore)) ||
      (letterHeadings.has(before) && /^\W{0,3}\n\W{0,3}$/.test(gapBefore))
    );
  }
  return false;
}

/** After these, what has two capitals is a name even if neither is known. */
const aboutNobodyElse = new Set("seeing recevoir accueillir ver".split(" "));
/** After these as well, at the end of a text or a line, unless it looks like a disease. */
const aboutAnything = new Set("wegen sobre pour concernant bezuglich betreffend".split(" "));
const clinicalEnding =
  /(?:itis|itiden|ose|osis|ung|ungen|heit|keit|tion|pathie|amie|emia|syndrom|us|om|oma|ismus|iden|ale|al|ie|therapy|graphy|scopy|care|infarkt|insuffizienz|schmerz|schmerzen|verdacht|fraktur|druck)$/;

const surelyClinicalEnding =
  /(?:itis|osis|tion|sion|emia|amie|pathie|pathy|oma|scopy|graphy|therapy|itus|algia|encia|ance|ique)$/;

/** Whether one of some words is of medicine, and nobody is called so. */
export function isClinical(text: TokenText, first: number, last: number): boolean {
  const known = isKnown(text, first) || isKnown(text, last);
  for (let at = first; at <= last; at += 1) {
    const word = text.word(at);
    if (
      given.get(word) !== "popular" &&
      (clinicalWords.has(word) || (surelyClinicalEnding.test(word) && !known))
    ) {
      return true;
    }
  }
  return false;
}

/** Whether words look like those of a disease or a treatment, in languages that write them with capitals. */
function seemsClinical(text: TokenText, first: number, last: number): boolean {
  for (let at = first; at <= last; at += 1) {
    if (clinicalEnding.test(text.word(at)) && !isKnown(text, at)) {
      return true;
    }
  }
  return false;
}

/** Whether a word is a given or a family name of the lists. */
export function isKnown(text: TokenText, token: number): boolean {
  return given.has(text.word(token)) || surnames.has(text.word(token));
}

/** Where the name of one word ends that begins with a token: o'kon is one. */
function endOfSmallName(text: TokenText, token: number): number {
  return /^['’-]$/.test(text.gap(token)) && text.raw(token + 1).length > 1 ? token + 1 : token;
}

/** After `my patient`, in small letters: my patient adaeze okonkwo has a question. */
function lookAfterMyPatient(text: TokenText, token: number, report: Report): void {
  const first = token + 1;
  const endOfFirst = endOfSmallName(text, first);
  const particle = particles.has(text.word(endOfFirst + 1)) && /^[ -]$/.test(text.gap(endOfFirst + 1));
  const second = particle ? endOfFirst + 2 : endOfFirst + 1;
  const last = endOfSmallName(text, second);
  const ends = last + 1 >= text.count || /^ ?[,;:?!(\n]|^\.(?:\s|$)/.test(text.gap(last));
  if (
    !/^(?:my|our|mi|nuestro|nuestra|mein|meine|meinen|meinem|meiner|unser|unsere|ma|mon|notre)$/.test(
      text.word(token - 1),
    ) ||
    text.gap(token) !== " " ||
    text.gap(endOfFirst) !== " " ||
    !(ends || (personVerbs.has(text.word(last + 1)) && text.gap(last) === " "))
  ) {
    return;
  }
  // Without a verb, one of the two has to be known as a name.
  if (ends && !isKnown(text, first) && !isKnown(text, last)) {
    return;
  }
  for (const at of [first, second]) {
    const word = text.word(at);
    if (
      (word.length < 3 && endOfSmallName(text, at) === at) ||
      text.hasDigit(at) ||
      afterMyPatient.has(word) ||
      personVerbs.has(word) ||
      goesOn.has(word) ||
      (noNames.has(word) && given.get(word) !== "popular")
    ) {
      return;
    }
  }
  tell(text, first, last, "name-after-word", report);
}

const notOfPersons = new Set(
  "drug,medication,generic,brand,trade,test,procedure,file,product,device,study,trial,model,hospital,facility,lab,gene,class,domain,variable,column,field,table,function,disease,chemical,company,common,street,school,department,unit,template,form,plan,insurance,pharmacy".split(
    ",",
  ),
);

/** After a label: Name: Müller, Anna; Patient: JOHN Q PUBLIC; my name is adaeze okonkwo. */
function lookAtLabel(text: TokenText, token: number, report: Report): boolean {
  const gap = text.gap(token);
  const word = text.word(token);
  const isName =
    /^(?:name|names|surname|firstname|lastname|fullname|forename|patientname|vorname|nachname|familienname|nom|prenom|nombre|apellido|apellidos)$/.test(
      word,
    );
  if (notOfPersons.has(text.word(token - 1))) {
    return false;
  }
  let first = token + 1;
  const colon = /^["'”]?\)?\*{0,2}\s{0,2}[:=|]\*{0,2}[ \t"'“[*]{0,4}\n?$/.test(gap);
  const isWord = gap === " " && /^(?:is|was|es|est|ist|lautet)$/.test(text.word(first));
  if (isWord && isName) {
    first += 1;
  } else if (!colon) {
    return false;
  }
  while (titles.has(text.word(first)) && /^(?:\. ?| )$/.test(text.gap(first))) {
    first += 1;
  }
  if (first >= text.count || text.hasDigit(first)) {
    return false;
  }
  const known = given.has(text.word(first)) || surnames.has(text.word(first));
  if (!isNameWord(text, first)) {
    // In small letters a name is one after a label that says so, if it is known.
    const next = text.word(first + 1);
    if (isName && known && given.get(text.word(first)) !== "ordinary" && !noNames.has(text.word(first))) {
      const more =
        joint.test(text.gap(first)) &&
        !text.hasDigit(first + 1) &&
        (surnames.has(next) || given.has(next)) &&
        !noNames.has(next);
      tell(text, first, more ? first + 1 : first, "name-label", report);
      return true;
    }
    return false;
  }
  let last = lastOfName(text, first, 4);
  // Müller, Anna.
  const fields =
    ofPatients.has(word) &&
    text.gap(last) === ", " &&
    endsField(text, lastOfName(text, last + 1, 3)) &&
    !isClinical(text, first, last + 1);
  if (
    text.gap(last) === ", " &&
    isNameWord(text, last + 1) &&
    (isName || known || fields || given.has(text.word(last + 1)))
  ) {
    last = lastOfName(text, last + 1, 3);
  }
  const certain =
    (isName && !isEponym(text, last)) ||
    ((fields || relatives.has(word)) &&
      last > first &&
      endsField(text, last) &&
      !isEponym(text, last) &&
      !isClinical(text, first, last)) ||
    (known &&
      !isEponym(text, last) &&
      (last > first ||
        given.get(text.word(first)) !== undefined ||
        surnames.get(text.word(first)) === "plain") &&
      !(last === first && eponyms.has(text.word(first)))) ||
    (last > first && (given.has(text.word(last)) || surnames.has(text.word(last))) && !isEponym(text, last));
  if (!certain) {
    return false;
  }
  tell(text, first, last, "name-label", report);
  return true;
}

/** A word with a capital letter that may begin a name. */
function lookAtCapital(text: TokenText, token: number, report: Report): void {
  const word = text.word(token);
  if (!isNameWord(text, token)) {
    return;
  }
  const capitals = text.isCapitals(token);
  const certainty = given.get(word);
  const next = token + 1;
  const gap = text.gap(token);

  // SMITH^JOHN^A of HL7.
  if (gap === "^" && /^[A-Za-z]/.test(text.raw(next)) && (surnames.has(word) || given.has(text.word(next)))) {
    let last = next;
    while (text.gap(last) === "^" && /^[A-Za-z]+$/.test(text.raw(last + 1)) && last < token + 3) {
      last += 1;
    }
    tell(text, token, last, "hl7-name", report);
    return;
  }

  // Okonkwo, Adaeze.
  if (
    (gap === ", " || gap === ",") &&
    surnames.has(word) &&
    isNameWord(text, next) &&
    !isEponym(text, next)
  ) {
    const other = given.get(text.word(next));
    const middle =
      initial.test(text.raw(next + 1)) && /^\.? ?/.test(text.gap(next)) && text.gap(next) === " ";
    const sure = surnames.get(word) === "plain" && !eponyms.has(word) && !placesToo.has(word);
    if (
      (other === "popular" &&
        (sure || middle || (surnames.get(word) === "ordinary" && !placesToo.has(word)))) ||
      (other !== undefined && other !== "popular" && sure && (middle || other === "rare")) ||
      (surnames.has(text.word(next)) && middle && sure)
    ) {
      if (!(text.isCapital(token - 1) && certainty !== undefined && text.gap(token - 1) === ", ")) {
        tell(text, token, middle ? next + 1 : lastOfName(text, next, 2), "family-name-first", report);
        return;
      }
    }
  }

  const cue = nameCues.has(text.word(token - 1)) && /^(?: |, | ")$/.test(text.gap(token - 1));
  const last = lastOfName(text, token, 4);
  const ends = text.word(last);

  // A known given name before a family name is a person's, whatever follows, unless medicine knows one of the two.
  const person =
    certainty === "popular" && last > token && surnames.has(ends) && !eponyms.has(word) && !eponyms.has(ends);
  if (!person && isEponym(text, last)) {
    return;
  }

  const byPlace = lastOfNameByPlace(text, token, last);
  if (byPlace !== undefined) {
    tell(text, token, byPlace, "name-by-place", report);
    return;
  }

  if (certainty !== undefined) {
    if (last > token) {
      const family = surnames.get(ends);
      const solid = certainty === "popular" || (certainty === "rare" && family !== undefined);
      const both =
        family !== undefined &&
        !(family === "ordinary" && certainty === "ordinary" && text.beginsSentence(token) && !cue);
      if (
        capitals && text.isCapitals(last)
          ? solid && (family !== undefined || cue)
          : solid
            ? !(placesToo.has(word) && family === undefined)
            : both
      ) {
        if (!(eponyms.has(word) && eponyms.has(ends)) || cue) {
          if (!(largePlaces.has(word) && !cue && family !== "plain")) {
            tell(text, token, last, "given-name-and-name", report);
            return;
          }
        }
      }
    }
    const alone =
      certainty === "popular" &&
      !noNames.has(word) &&
      !capitals &&
      !placesToo.has(word) &&
      !eponyms.has(word) &&
      word.length > 2;
    if (alone && !saint(text, token)) {
      tell(
        text,
        token,
        last > token && (surnames.has(ends) || given.has(ends)) ? last : token,
        "given-name",
        report,
      );
      return;
    }
    if (
      cue &&
      !capitals &&
      !eponyms.has(word) &&
      !largePlaces.has(word) &&
      (certainty !== "ordinary" || /^(?:named|called)$/.test(text.word(token - 1))) &&
      !saint(text, token)
    ) {
      tell(text, token, last, "name-after-word", report);
      return;
    }
  }

  const family = surnames.get(word);
  // J. Smith; J. R. Okonkwo.
  if (
    initial.test(text.raw(token)) &&
    gap.startsWith(".") &&
    last > token &&
    surnames.has(ends) &&
    !eponyms.has(ends) &&
    ends.length > 2
  ) {
    tell(text, token, last, "initial-and-name", report);
    return;
  }
  if (last > token) {
    // A word that is not known, and a family name.
    const sure =
      surnames.get(ends) === "plain" && !eponyms.has(ends) && !placesToo.has(ends) && ends.length > 3;
    if (
      sure &&
      !capitals &&
      !eponyms.has(word) &&
      !eponymNouns.has(word) &&
      !placesToo.has(word) &&
      surnames.get(word) !== "ordinary" &&
      (!text.beginsSentence(token) || cue || given.has(word) || surnames.has(word)) &&
      word.length > 2
    ) {
      tell(text, token, last, "word-and-family-name", report);
      return;
    }
    if (
      cue &&
      /^(?:named|called|patient|pt|am|appelle|llama|llamo|heisst|paciente|patientin)$/.test(
        text.word(token - 1),
      ) &&
      !capitals &&
      (family !== undefined || surnames.has(ends))
    ) {
      tell(text, token, last, "name-after-word", report);
      return;
    }
  }
  // A family name that does what people do.
  if (family === "plain" && !capitals && !eponyms.has(word) && !placesToo.has(word) && word.length > 3) {
    const possessive = /^['’]$/.test(gap) && text.word(next) === "s";
    if ((gap === " " && personVerbs.has(text.word(next))) || cue || (possessive && !isEponym(text, token))) {
      if (last === token) {
        tell(text, token, last, "family-name", report);
      }
    }
  }
}

function saint(text: TokenText, token: number): boolean {
  return /^(?:st|saint|sainte|san|santa|mount|mt|port|fort|lake|sankt)$/.test(text.word(token - 1));
}

/** A word in small letters: john smith, and after who somebody is: my name is adaeze. */
function lookAtSmall(text: TokenText, token: number, report: Report): void {
  const word = text.word(token);
  const certainty = given.get(word);
  if (certainty === undefined || certainty === "ordinary" || noNames.has(word) || word.length < 3) {
    return;
  }
  const next = text.word(token + 1);
  const family = joint.test(text.gap(token)) ? surnames.get(next) : undefined;
  if (certainty === "popular" && !placesToo.has(word) && !particles.has(word)) {
    if (
      (family === "plain" || (family === "ordinary" && next.length > 3 && !personVerbs.has(next))) &&
      !eponyms.has(next) &&
      !noNames.has(next) &&
      !eponymNouns.has(text.word(token + 2)) &&
      next.length > 2
    ) {
      if (family === "plain" || ordinaryAfterSmall(text, token)) {
        tell(text, token, token + 1, "small-name", report);
        return;
      }
    }
    if (/^(?:named|name's)$/.test(text.word(token - 1)) && text.gap(token - 1) === " ") {
      tell(text, token, token, "small-name", report);
    }
  }
}

/** Whether a family name that is a word as well counts after a given name in small letters: not if it is one that goes on about it. */
function ordinaryAfterSmall(text: TokenText, token: number): boolean {
  return !goesOn.has(text.word(token + 1));
}

const goesOn = new Set(
  "long rose cook may hurt hurts pain love wells drink sleep high best good fine will must might still just does need needs want wants came went like likes lost start starts stop stops call calls feel feels left right back well here there test tests post notes note case cases study trial short gets day days week weeks more many most much ready sharp strong moody fell free home field key means case worth".split(
    " ",
  ),
);

/** A Cyrillic name: two words with capitals, of which one has the ending of a father's or a family's name. */
const cyrillic = /[А-ЯЁ][а-яё]+(?: [А-ЯЁ]\.| [А-ЯЁ][а-яё]+){1,2}/y;
const cyrillicFamily =
  /(?:ов|ев|ёв|ин|ын|ова|ева|ёва|ина|ына|ский|ская|цкий|цкая|енко|чук|вич|вна|юк|ян|дзе)$/;
/** Names of Chinese and Japanese after a label or before an address of respect. */
const chineseLabel =
  /(?:姓名|患者|病人|氏名|名前)[:：は\s]{0,3}([\u3400-\u9fff]{2,4}(?: [\u3400-\u9fff]{1,3})?)/y;
const respected = /([\u3400-\u9fff]{1,4})(?:さん|様|氏|先生|女士)/y;

function lookAtOtherScript(text: TokenText, token: number, report: Report): void {
  const start = text.start(token);
  const code = text.text.charCodeAt(start);
  if (code >= 0x400 && code <= 0x4ff) {
    const found = text.match(cyrillic, start);
    if (found?.[0].split(" ").some((word) => cyrillicFamily.test(word)) === true) {
      report("name", "cyrillic-name", start, start + found[0].length);
    }
    return;
  }
  for (let at = start; at < Math.min(text.end(token), start + 200); at += 1) {
    const label = text.match(chineseLabel, at);
    const name = label?.[1];
    if (label !== undefined && name !== undefined) {
      report("name", "east-asian-name", at + label[0].length - name.length, at + label[0].length);
      return;
    }
    const polite = at === start ? text.match(respected, at) : undefined;
    if (polite?.[1] !== undefined) {
      report("name", "east-asian-name", at, at + polite[1].length);
      return;
    }
  }
}

/** Names: by titles, labels and words before them, by lists of given and family names, by their order. */
export const names: Recogniser = {
  shapes: ["capital"],
  // In small letters, and in scripts without capitals.
  words: [...popularGivenNames, ...rareGivenNames, ...nameLabels, ...smallTitles],
  look: (text, token, report) => {
    const word = text.word(token);
    if (nameLabels.has(word) && lookAtLabel(text, token, report)) {
      return;
    }
    if (smallTitles.has(word) && lookAtTitle(text, token, report)) {
      return;
    }
    if (!text.isCapital(token)) {
      if (ofPatients.has(word)) {
        lookAfterMyPatient(text, token, report);
      }
      lookAtSmall(text, token, report);
      return;
    }
    if (titles.has(word) && lookAtTitle(text, token, report)) {
      return;
    }
    lookAtCapital(text, token, report);
  },
};

/** Names in the letters of Russian, Chinese and Japanese. */
export const namesInOtherScripts: Recogniser = {
  shapes: ["other"],
  look: lookAtOtherScript,
};
