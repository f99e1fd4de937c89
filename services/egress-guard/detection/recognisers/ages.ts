import type { Recogniser, Report } from "../recogniser";
import type { TokenText } from "../token-text";

/** The first age of which Safe Harbor allows no more than that it is 90 or above. */
const firstHidden = 90;
const oldest = 129;

const agedBefore = new Set(
  "aged,age,ages,alter,edad,agee,alters,anni,leeftijd,turned,turning,turns".split(","),
);
const years = new Set(
  "year,years,yr,yrs,yo,yoa,y,ans,anos,ano,jahre,jahriger,jahrige,jahrigen,jahrig,jahren,anni,jaar,old,birthday".split(
    ",",
  ),
);
const yearsAfter =
  /^(?:[- ]?(?:years?|yrs?)[- ]?(?:old|of age)?|[- ]?y\/?o(?![a-z])|[- ]?y\.o\.|[- ]?jährig|[- ]?jaehrig|[- ]?Jahre(?:n)? alt|[- ]?(?:años|anos|ans|anni|jaar)(?!\p{L}))/iu;
const glued = /^(\d{2,3})(?:yo|y|yr|yrs|yof|yom|f|m)$/i;
const bounds = new Set(
  "over,above,than,under,below,least,exceeding,ab,uber,plus,mas,mayores,from,between,beyond".split(","),
);
const boundAfter = /^[- ]?(?:\w+[- ]?){0,3}\s*(?:or|and|und|et|y|o) (?:older|over|above|greater|more|up)/i;
const germanUnits = [
  "",
  "einund",
  "zweiund",
  "dreiund",
  "vierund",
  "funfund",
  "sechsund",
  "siebenund",
  "achtund",
  "neunund",
];
const tens = new Set(["ninety", "noventa", ...germanUnits.map((unit) => `${unit}neunzig`)]);
const units = new Set("one,two,three,four,five,six,seven,eight,nine".split(","));
const german = /^(?:(?:ein|zwei|drei|vier|funf|sechs|sieben|acht|neun)und)?neunzigjahrig/;
const frenchTeens = new Set("dix,onze,douze,treize,quatorze,quinze,seize".split(","));
const spelledOut = new Set(
  "nonagenarian,centenarian,supercentenarian,nonagenaire,centenaire,nonagenario,nonagenaria,centenario,centenaria,hundertjahrige".split(
    ",",
  ),
);
const bornWords = new Set(
  "born,birth,geboren,jahrgang,ne,nee,nacido,nacida,naissance,nacimiento,yob,dob".split(","),
);
const people = new Set(
  "man,woman,male,female,gentleman,lady,patient,f,m,grandmother,grandfather,mother,father,frau,mann,homme,femme,hombre,mujer,veteran,resident,widow,widower".split(
    ",",
  ),
);

function isBound(text: TokenText, token: number, end: number): boolean {
  const before = text.text.slice(Math.max(0, text.start(token) - 3), text.start(token));
  return (
    /[<>≥≤=]\s?$/.test(before) ||
    bounds.has(text.word(token - 1)) ||
    /^\+/.test(text.text.slice(text.end(token))) ||
    boundAfter.test(text.text.slice(text.end(token), end + 40))
  );
}

function lookAtNumber(text: TokenText, token: number, report: Report): void {
  const raw = text.raw(token);
  const start = text.start(token);
  const end = text.end(token);
  const joined = glued.exec(raw);
  const age = Number(joined?.[1] ?? raw);
  if (/^(?:18|19|20)\d\d$/.test(raw)) {
    // The year of birth tells an age over 89.
    if (age <= new Date().getFullYear() - firstHidden && text.isAfter(token, 3, bornWords)) {
      report("date", "year-of-birth-over-89", start, end);
    }
    return;
  }
  if (
    !(age >= firstHidden && age <= oldest) ||
    /[\d.][/.-]$/.test(text.text.slice(Math.max(0, start - 2), start))
  ) {
    return;
  }
  if (isBound(text, token, end)) {
    return;
  }
  if (joined !== null) {
    if (/yo/i.test(raw) || people.has(text.word(token + 1)) || /^an?$|^old$/.test(text.word(token - 1))) {
      report("date", "age-over-89", start, end);
    }
    return;
  }
  const after = yearsAfter.exec(text.text.slice(end, end + 24));
  if (after !== null) {
    report("date", "age-over-89", start, end + after[0].trimEnd().length);
    return;
  }
  const unit = text.word(token + 1);
  const next = text.text.slice(end, end + 1);
  if (
    agedBefore.has(text.word(token - 1)) ||
    (/^(?:is|was|of|de|von|:)$/.test(text.word(token - 1)) && agedBefore.has(text.word(token - 2)))
  ) {
    if (
      !/^[%/]/.test(next) &&
      !/^(?:days?|weeks?|months?|hours?|min|minutes|mg|tage|jours|mois|dias|meses)$/.test(unit)
    ) {
      report("date", "age-over-89", start, end);
    }
  }
}

function lookAtWord(text: TokenText, token: number, report: Report): void {
  const word = text.word(token);
  const start = text.start(token);
  if (spelledOut.has(word) || german.test(word)) {
    report("date", "age-over-89", start, text.end(token));
    return;
  }
  let last = token;
  if (tens.has(word)) {
    if (units.has(text.word(token + 1)) && /^[- ]$/.test(text.gap(token))) {
      last = token + 1;
    } else if (text.word(token + 1) === "y" && text.gap(token) === " ") {
      last = token + 2;
    }
  } else if (word === "quatre") {
    if (text.word(token + 1) !== "vingt" || !frenchTeens.has(text.word(token + 2))) {
      return;
    }
    last = /^(?:sept|huit|neuf)$/.test(text.word(token + 3)) ? token + 3 : token + 2;
  } else if (word === "hundred") {
    if (!/^(?:one|a)$/.test(text.word(token - 1))) {
      return;
    }
    while (
      last < token + 3 &&
      /^(?:and|one|two|three|four|five|six|seven|eight|nine|ten)$/.test(text.word(last + 1))
    ) {
      last += 1;
    }
  }
  const saysYears =
    years.has(text.word(last + 1)) && (text.word(last + 1) !== "y" || text.word(last + 2) === "o");
  if (
    (saysYears || agedBefore.has(text.word(token - 1))) &&
    !bounds.has(text.word(token - 1)) &&
    !boundAfter.test(text.text.slice(text.end(last), text.end(last) + 40))
  ) {
    const old = text.word(last + 2) === "old" ? last + 2 : saysYears ? last + 1 : last;
    report("date", "age-over-89", start, text.end(old));
  }
}

/** Ages over 89, in numbers and words, and years of birth that tell one; not the bounds of a group of people. */
export const ages: Recogniser = {
  shapes: ["number", "code"],
  words: [
    ...tens,
    "quatre",
    "hundred",
    ...spelledOut,
    ...germanUnits.flatMap((unit) =>
      ["jahrige", "jahriger", "jahrigen", "jahriges", "jahrig"].map((ending) => `${unit}neunzig${ending}`),
    ),
  ],
  look: (text, token, report) => {
    if (text.hasDigit(token)) {
      if (text.end(token) - text.start(token) <= 6) {
        lookAtNumber(text, token, report);
      }
    } else {
      lookAtWord(text, token, report);
    }
  },
};
