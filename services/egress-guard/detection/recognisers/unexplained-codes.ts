import type { IdentifierKind } from "../identifier-kind";
import type { Recogniser } from "../recogniser";
import { tokenShape, type TokenText } from "../token-text";

import { months } from "./months";
import { isAmount, isNobodys } from "./nobodys-codes";

function cues(kind: IdentifierKind, words: string): readonly (readonly [string, IdentifierKind])[] {
  return words.split(/[\s,]+/).map((word) => [word, kind] as const);
}

/** Words that say what a code near them is: in lower case and without accents. */
export const kindByWord: ReadonlyMap<string, IdentifierKind> = new Map([
  ...cues(
    "medical_record_number",
    `mrn,mr,emr,ehr,chart,charts,record,records,folder,wristband,bracelet,registered,hospital,empi,medrec,urn,hn,akte,patientenakte,krankenakte,archiv,
    file,unit,ur,pid,pt,pat,patient,patientin,patiente,paciente,admission,episode,fall,behandlung,sejour,venue,episodio,ingreso,admision,
    aufnahme,fallnummer,dossier,dossiers,ipp,nip,historia,expediente,ficha,nhc,historial,cartella,pulsera,armband`,
  ),
  ...cues(
    "health_plan_number",
    `insurance,insured,insurer,payer,payor,coverage,covered,covers,policy,policyholder,member,subscriber,beneficiary,enrollee,dependent,recipient,eligibility,medicaid,medicare,medigap,
    ppo,hmo,epo,pos,bluecross,blueshield,cross,shield,bcbs,aetna,cigna,humana,anthem,kaiser,unitedhealthcare,uhc,optum,molina,centene,tricare,champva,wellcare,ambetter,highmark,premera,regence,
    cardholder,copay,certificate,group,grp,versicherung,versichert,versicherte,versicherter,krankenversicherung,krankenkasse,kasse,aok,barmer,dak,tk,ikk,bkk,knappschaft,allianz,debeka,dkv,mitglied,mitgliedsnummer,police,
    mutuelle,assurance,assure,assuree,adherent,adherente,cpam,ameli,mgen,malakoff,harmonie,contrat,caisse,vitale,beneficiaire,
    seguro,aseguradora,asegurado,asegurada,afiliado,afiliada,poliza,sanitas,adeslas,asisa,mapfre,muface,cobertura,mutua,sanitaria,beneficiario`,
  ),
  ...cues(
    "account_number",
    `account,acct,billing,invoice,bill,bank,payment,receipt,statement,guarantor,wire,transfer,konto,rechnung,uberweisung,compte,facture,cuenta,factura,recibo,transferencia,virement`,
  ),
  ...cues(
    "licence_number",
    `license,licence,licensed,licensure,permit,driver,drivers,fuhrerschein,zulassung,approbation,lizenz,permis,licencia,colegiado,colegiada,carnet,dea,npi,board,passport,reisepass,passeport,pasaporte`,
  ),
  ...cues(
    "vehicle",
    `car,cars,truck,van,suv,vehicle,vehicles,motorcycle,motorbike,scooter,pickup,sedan,plate,plates,tag,tags,vin,parked,parking,drives,driving,
    auto,wagen,pkw,lkw,kfz,motorrad,fahrzeug,kennzeichen,voiture,vehicule,moto,camion,immatriculation,immatricule,immatriculee,plaque,coche,carro,vehiculo,furgoneta,camioneta,matricula,placa,bastidor,
    toyota,honda,ford,bmw,vw,volkswagen,audi,mercedes,renault,peugeot,citroen,seat,fiat,nissan,hyundai,kia,chevrolet,chevy,tesla,subaru,jeep,dodge,opel,skoda,volvo,mazda,lexus,dacia`,
  ),
  ...cues(
    "device",
    `device,devices,serial,sn,lot,udi,implant,implants,implanted,pacemaker,defibrillator,icd,generator,pump,cpap,bipap,ventilator,cgm,sensor,stimulator,neurostimulator,prosthesis,cochlear,
    glucometer,concentrator,holter,recorder,stent,wheelchair,tracker,meter,scanner,seriennummer,schrittmacher,herzschrittmacher,defi,implantat,insulinpumpe,pumpe,gerat,gerats,prothese,
    stimulateur,pompe,appareil,dispositif,numeros,marcapasos,bomba,protesis,dispositivo,implante,aparato,desfibrilador,lote`,
  ),
  ...cues(
    "other",
    `id,identifier,identified,number,no,code,ref,reference,subject,participant,enrolled,enrollment,randomised,randomized,registry,biobank,donor,specimen,accession,sample,requisition,order,prescription,rx,pharmacy,refill,refills,
    under,unter,sous,bajo,claim,case,encounter,visit,ticket,badge,employee,student,identity,national,passport,volunteer,proband,probandin,teilnehmer,teilnehmerin,rezept,probe,auftrag,ausweis,studie,biobankprobe,
    ordonnance,sujet,echantillon,etude,inclus,incluse,prelevement,participante,sujeto,receta,muestra,estudio,registro,identificado`,
  ),
]);

/** A run of letters and digits with dashes, slashes and points in it, and groups of digits that follow it by a space. */
const run =
  /[A-Za-z\d]+(?:[-/.–_][A-Za-z\d]+){0,12}(?: (?=[\dA-Z]{0,5}\d)[\dA-Z]{1,6}(?![A-Za-z\d]|[.,]\d)){0,6}/y;
const date =
  /^(?:(?:19|20)\d{2}([-/.])\d{1,2}\1\d{1,2}(?:T.*)?|(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d(?:\d{4,6})?)$/;
const namedDate = /^\d{1,2}[-/.]?([A-Za-z]{3,9})[-/.]?\d{2,4}$/;
const shortDate = /^(\d{1,2})([-/.])(\d{1,2})\2(?:\d{2}|\d{4})$/;
/** Codes of the International Classification of Diseases, with their letters of encounters, and of procedures (ICD-10-PCS). */
const classified = /^(?:[A-TV-Z]\d[\dAB](?:\.[\dA-Z]{1,4})?|(?=\d*[A-Z].*[A-Z])0[A-HJ-NP-Z\d]{6})$/;
/** Two numbers of which the second is the larger one: pages, doses, values that go from the one to the other. */
const range = /^([1-9]\d*)[-–/.](\d+)$/;
const decimals = /^\d+\.\d+[-–/]\d+\.\d+$/;
const thousands = /^\d{1,3}(?:\.\d{3})+$/;
/** Characters that are written apart, which a view puts together. */
const apartFromOneAnother = /^(?:[A-Za-z\d][-/.–_])+[A-Za-z\d]$/;
const perUnit = /\/([A-Za-zµ]+\d?)$/;
/** A plate: letters and digits in up to four groups, as on the cars of Europe and America. */
const plate =
  /[A-ZÄÖÜ\d]{1,8}(?:[-·]| ?[-·]? ?)(?:[A-ZÄÖÜ\d]{1,5}(?:[-·]| )){0,2}[A-ZÄÖÜ\d]{1,5}(?![\p{L}\d])/uy;
/** How far from a code a word may stand that says what it is, in tokens. */
const near = 9;
/** How far it may be from numbers that are apart from one another, which may be values in a row. */
const nearest = 4;

interface Code {
  readonly value: string;
  readonly digits: number;
  readonly letters: boolean;
  /** Whether it may be an amount, so that a word has to say that it is none. */
  readonly doubtful: boolean;
}

function isDate(value: string): boolean {
  const [, first, , second] = shortDate.exec(value) ?? [];
  if (first === undefined || second === undefined) {
    return date.test(value) || months.has(namedDate.exec(value)?.[1]?.toLowerCase() ?? "");
  }
  const [least, most] = [Number(first), Number(second)].toSorted((one, other) => one - other);
  return (least ?? 0) <= 12 && (most ?? 0) <= 31;
}

/** Whether two numbers are the ends of something that goes from the one to the other. */
function isRange(value: string): boolean {
  const [, from = "", to = ""] = range.exec(value) ?? [];
  return (
    from !== "" &&
    (value.includes(".") ||
      (to.length >= from.length && to.length - from.length <= 1 && Number(to) > Number(from)))
  );
}

/** What begins at a place, if it can be a code at all: no date, no range, no decimal number, no word. */
function codeAt(text: TokenText, start: number, apart: boolean): Code | undefined {
  const found = text.match(run, start);
  if (found === undefined || found[0].length < 4 || found[0].length > 48) {
    return undefined;
  }
  let [value] = found;
  const space = value.indexOf(" ");
  // Numbers side by side are a row of values, unless one has letters or is longer than values are.
  if (space !== -1 && !apart && !/[A-Z]/.test(value) && !/\d{5}/.test(value)) {
    value = value.slice(0, space);
  }
  let digits = 0;
  let small = 0;
  let letters = 0;
  for (let at = 0; at < value.length; at += 1) {
    const unit = value.charCodeAt(at);
    if (unit >= 48 && unit <= 57) {
      digits += 1;
    } else if (unit >= 97 && unit <= 122) {
      small += 1;
    } else if (unit >= 65 && unit <= 90) {
      letters += 1;
    }
  }
  if (
    digits < 3 ||
    (small > 0 && (letters > 0 || small > 4 || small > digits)) ||
    isDate(value) ||
    isRange(value) ||
    decimals.test(value) ||
    apartFromOneAnother.test(value) ||
    classified.test(value) ||
    isAmount(perUnit.exec(value)?.[1] ?? "")
  ) {
    return undefined;
  }
  return { value, digits, letters: letters + small > 0, doubtful: thousands.test(value) };
}

/** Whether a code is so long that it is somebody's, whatever stands around it. */
function isLong({ value, digits, letters, doubtful }: Code): boolean {
  return !doubtful && (letters ? digits >= 5 && value.length >= 7 : digits >= 7);
}

/** Whether a code is one of the kind that a word near it says, however short. */
function fits({ digits, letters, value }: Code, kind: IdentifierKind): boolean {
  switch (kind) {
    case "vehicle":
      return false;
    case "device":
    case "other":
    case "licence_number":
      return letters ? digits >= 4 : digits >= (/[-/]/.test(value) ? 5 : 6);
    default:
      return letters ? digits >= 4 : digits >= 5;
  }
}

/** The kinds that words near a code say, the nearest first: before it, and right after it in the same sentence. */
function kindsNear(text: TokenText, first: number, last: number, most: number): readonly IdentifierKind[] {
  const kinds: IdentifierKind[] = [];
  const alone = /\n/.test(text.gap(first - 1));
  for (let at = first - 1; at >= 0 && at >= first - most; at -= 1) {
    const kind = kindByWord.get(text.word(at));
    if (kind !== undefined && !kinds.includes(kind)) {
      kinds.push(kind);
    }
    if (text.isSpaced(at - 1)) {
      continue;
    }
    const gap = text.gap(at - 1);
    // What stands in the line before says something of what stands alone in its own.
    if (
      /[!?]|\n\s*\n/.test(gap) ||
      (/\n/.test(gap) && !(alone && at === first - 1)) ||
      (/[.;]\s/.test(gap) && (text.word(at - 1).length > 3 || text.hasDigit(at - 1)))
    ) {
      break;
    }
  }
  for (let at = last + 1; at <= last + 3 && at < text.count; at += 1) {
    if (!text.isSpaced(at - 1) && /[!?\n;|]|\.\s/.test(text.gap(at - 1))) {
      break;
    }
    const kind = kindByWord.get(text.word(at));
    if (kind !== undefined && kind !== "vehicle" && !kinds.includes(kind)) {
      kinds.push(kind);
    }
  }
  return kinds;
}

/** Whether the sign for a number stands before a code, or brackets around it. */
function isMarked(text: TokenText, first: number, last: number): boolean {
  const before = text.gap(first - 1);
  return before.endsWith("#") || (/[([]$/.test(before) && /^[)\]]/.test(text.gap(last)));
}

/** Words with a number of calls of tools, which providers give to answers: the rest of them is made by chance. */
const ofProviders = new Set("call,toolu,srvtoolu,chatcmpl,msg,resp,fc,req,run,step,thread,asst".split(","));

/** Where the plate begins and ends that has a token in it, if one does. */
function plateAround(text: TokenText, token: number): readonly [start: number, end: number] | undefined {
  let first = token;
  while (
    first > token - 2 &&
    text.isCapital(first - 1) &&
    /^[- ·]{1,2}$/.test(text.gap(first - 1)) &&
    text.end(first - 1) - text.start(first - 1) <= 3 &&
    /^\p{Lu}+$/u.test(text.raw(first - 1))
  ) {
    first -= 1;
  }
  const start = text.start(first);
  const [value = ""] = text.match(plate, start) ?? [];
  const digits = value.replaceAll(/\D/g, "").length;
  const letters = value.replaceAll(/\P{Lu}/gu, "").length;
  // Honda CR-V 2019: what a car is called, and its year.
  if (
    /[A-Z] (?:19|20)\d\d$/.test(value) &&
    text.isCapital(first - 1) &&
    !text.isCapitals(first - 1) &&
    text.isSpaced(first - 1)
  ) {
    return undefined;
  }
  return digits >= 2 && digits <= 7 && letters >= 1 && letters <= 6 && digits + letters >= 5
    ? [start, start + value.length]
    : undefined;
}

/** Whether a token is a number of up to three digits by itself, as most amounts are: neither a code nor a part of one. */
function isSmall(text: TokenText, token: number): boolean {
  const end = text.end(token);
  if (end - text.start(token) > 3 || (text.shape(token) & tokenShape.letters) !== 0) {
    return false;
  }
  const next = text.text.charCodeAt(end);
  const before =
    text.isCapitals(token - 1) ||
    (text.isCapital(token - 1) && text.end(token - 1) - text.start(token - 1) === 1);
  // A dash, a slash or a point, or a space before digits or capitals, goes on with it.
  return (
    !before &&
    (next === 45 || next === 47 || next === 46 || next === 0x2013 || next === 95
      ? text.start(token + 1) !== end + 1
      : next !== 32 || !(text.hasDigit(token + 1) || text.isCapitals(token + 1)))
  );
}

/**
 * Numbers and codes that nothing explains: what is longer than an amount and belongs to no system that is the same for
 * everybody identifies somebody (45 CFR §164.514(b)(2)(i)(R)), and a shorter one does where a word near it says so.
 */
export const unexplainedCodes: Recogniser = {
  shapes: ["number", "code"],
  guesses: true,
  look: (text, token, report) => {
    if (isSmall(text, token)) {
      return;
    }
    let first = token;
    // A code begins with its letters: KBH-A-123456.
    while (
      first > token - 3 &&
      first > 0 &&
      text.isCapital(first - 1) &&
      /^[-/.]$/.test(text.gap(first - 1)) &&
      text.end(first - 1) - text.start(first - 1) <= 6
    ) {
      first -= 1;
    }
    const start = text.start(first);
    const previous = first > 0 && text.end(first - 1) === start - 1;
    const before = text.text.charAt(start - 1);
    // Within something longer: a number that was asked about already, a path, an address, an amount with a fraction.
    if (
      /[-/@\\%&]/.test(before) && (previous || before !== "-")
        ? before !== "/" || previous
        : previous &&
          /[.,:_]/.test(before) &&
          (text.hasDigit(first - 1) || ofProviders.has(text.word(first - 1)))
    ) {
      return;
    }
    const apart =
      text.hasDigit(token + 1) &&
      text.gap(token) === " " &&
      kindsNear(text, first, token, nearest).length > 0;
    const code = codeAt(text, start, apart);
    const last = code === undefined ? token : text.tokenFrom(start + code.value.length, token) - 1;
    const isWhole = code !== undefined && text.end(last) === start + code.value.length;
    const long = isWhole && (isLong(code) || (code.digits >= 6 && isMarked(text, first, last)));
    const plated =
      !long && (code?.letters === true || text.isCapital(token - 1) || text.isCapital(token + 1));
    if (!isWhole && !plated) {
      return;
    }
    const kinds = kindsNear(text, first, last, near);
    if (plated && kinds.includes("vehicle")) {
      const found = plateAround(text, token);
      if (found !== undefined && !isNobodys(text, token, token)) {
        report("vehicle", "unexplained-code", ...found);
        return;
      }
    }
    const kind = isWhole ? kinds.find((one) => long || fits(code, one)) : undefined;
    if (!isWhole || !(long || kind !== undefined) || isNobodys(text, first, last)) {
      return;
    }
    report(kind ?? "other", "unexplained-code", start, start + code.value.length);
  },
};
