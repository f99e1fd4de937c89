import type { IdentifierKind } from "../identifier-kind";
import type { Recogniser, Report } from "../recogniser";
import type { TokenText } from "../token-text";

/** How a value that follows a label looks. */
type ValueForm =
  /** Has digits, perhaps letters and separators. */
  | "code"
  /** A telephone number. */
  | "telephone"
  /** A name that somebody has on a network. */
  | "handle";

interface Label {
  readonly kind: IdentifierKind;
  readonly by: string;
  readonly form: ValueForm;
  /** How few digits its values have. */
  readonly digits: number;
  /** Whether the words say so much that its value may stand some words away, or before it. */
  readonly strong: boolean;
}

function labels(
  kind: IdentifierKind,
  by: string,
  strong: readonly string[],
  weak: readonly string[] = [],
  digits = 4,
  form: ValueForm = "code",
): readonly (readonly [string, Label])[] {
  return [
    ...strong.map((words) => [words, { kind, by, form, digits, strong: true }] as const),
    ...weak.map((words) => [words, { kind, by, form, digits, strong: false }] as const),
  ];
}

/** Words after which, in English, German, French or Spanish, an identifier stands; in lower case and without accents. */
const known: readonly (readonly [string, Label])[] = [
  ...labels(
    "medical_record_number",
    "medical-record-label",
    [
      ..."mrn,chart,akte,patientenakte,historia n º,historia nº,historia num,nhc,numero de hc,numero ipp,dossier n,krankenakte,archivnummer,mr no,mr number,medical record,medical records,med rec,medical record number,record number,chart number,chart no,patient id,patient number,patient no,patient identifier,hospital number,hospital no,hospital id,unit number,pt id,ehr id,emr id,epic id,patientennummer,patientennr,pat nr,aufnahmenummer,aufnahmenr,aufnahme nr,krankenblattnummer,patienten nr,patienten id,krankenaktennummer,aktennummer,fallnummer,fallnr,numero de dossier,dossier medical,dossier patient,numero de patient,numero patient,ipp,nip,numero de historia,numero de historia clinica,numero de admision,numero de ingreso,numero d admission,numero d hospitalisation,numero de sejour,numero identifiant patient,ins,numero de expediente,numero de paciente,historia clinica,nhc,expediente,nombre de dossier".split(
        ",",
      ),
    ],
    ["mr", "patient", "record", "dossier", "empi", "mpi", "fall"],
    4,
  ),
  ...labels(
    "social_security_number",
    "social-security-label",
    "rvnr,rentenversicherungsnummer,rv nummer,sv nr,naf,numero de afiliacion,numero ss,numero insee,insee,ssn,social security number,social security no,social security,soc sec,social sec,ss number,ss no,sozialversicherungsnummer,sv nummer,svnr,numero de securite sociale,securite sociale,nir,numero de seguridad social,numero de la seguridad social,seguridad social,nss".split(
      ",",
    ),
    ["ss", "social"],
    4,
  ),
  ...labels(
    "health_plan_number",
    "health-plan-label",
    "enrollee,enrollee number,enrollee no,medicare card,medicaid card,medicaid,insurance card,insurance policy number,plan member,carte vitale,numero d assure,assure,mutuelle,mutuelle n,cartilla,tarjeta sanitaria individual,tarjeta sanitaria n,seguro medico,numero de seguro,versicherten id,versicherung nr,kv nr,kv nummer,krankenversicherung,krankenversicherungsnummer,krankenversichertenkarte,gesundheitskarte,egk,medicare number,medicare id,medicare no,medicare beneficiary,mbi,hicn,medicaid number,medicaid id,medicaid no,member id,member number,member no,membership number,subscriber id,subscriber number,subscriber no,beneficiary id,beneficiary number,beneficiary identifier,health plan number,health plan id,health plan,health insurance number,health card,insurance id,insurance number,insurance policy,policy number,policy no,group number,group no,group id,plan id,payer id,cardholder id,rx id,rxbin,vers nr,versicherungsnummer,versichertennummer,versicherten nr,krankenversichertennummer,krankenkassennummer,kvnr,numero de mutuelle,numero d adherent,numero adherent,numero de afiliado,numero de poliza,poliza,tarjeta sanitaria,cip".split(
      ",",
    ),
    [
      "medicare",
      "medicaid",
      "member",
      "subscriber",
      "policy",
      "insurance",
      "beneficiary",
      "versicherung",
      "afiliado",
    ],
    4,
  ),
  ...labels(
    "account_number",
    "account-label",
    "bankverbindung,kto,kto nr,kundennummer,kundennr,kunden nr,rechnungsnummer,rechnungsnr,numero de client,numero client,numero de cliente,numero de facture,numero de factura,tarjeta,tarjeta bancaria,carte n,rib,ccc,account number,account no,account num,acct number,acct no,acct,patient account,guarantor account,guarantor number,billing account,bank account,checking account,savings account,routing number,routing no,aba,aba number,iban,card number,credit card,debit card,visa card,mastercard,kontonummer,konto nr,kontonr,kreditkarte,kreditkartennummer,numero de compte,compte bancaire,carte bancaire,carte de credit,numero de cuenta,cuenta bancaria,tarjeta de credito,invoice number,invoice no,har".split(
      ",",
    ),
    ["account", "routing", "card", "konto", "compte", "cuenta", "invoice", "bill", "visa", "amex"],
    4,
  ),
  ...labels(
    "licence_number",
    "licence-label",
    "licensed under,licence de conduire,numero de permis,permis n,carnet de identidad,numero de carnet,cedula profesional,fuhrerscheinnr,fuhrerschein nr,lizenznummer,lizenz nr,zulassungsnummer arzt,efn,bsnr,numero d ordre,numero finess,npi,npi number,national provider identifier,dea,dea number,license number,licence number,license no,licence no,license,medical license,drivers license,driver s license,driver license,driving licence,drivers licence,driver s licence,dl number,certificate number,certificate no,certification number,registration number,registration no,state license,nursing license,rn license,pharmacy license,upin,lanr,arztnummer,approbationsnummer,fuhrerschein,fuhrerscheinnummer,numero rpps,rpps,adeli,permis de conduire,numero de licencia,licencia de conducir,carnet de conducir,permiso de conducir,numero de colegiado,colegiado,birth certificate,death certificate,gmc number,gmc".split(
      ",",
    ),
    ["lic", "dl", "licence", "certificate", "cert", "registration", "permit", "licencia", "permis"],
    4,
  ),
  ...labels(
    "vehicle",
    "vehicle-label",
    "vehicle reg,vehicle registration number,car reg,reg no,reg number,fahrgestellnr,fahrgestell nr,kfz nr,nummernschild,autokennzeichen,immatricule,immatriculee,vehicule immatricule,numero de serie du vehicule,vin,vehicle identification number,license plate,licence plate,license plates,plate number,plate no,number plate,registration plate,tag number,vehicle registration,car registration,reg plate,fahrgestellnummer,kennzeichen,kfz kennzeichen,plaque d immatriculation,immatriculation,matricula,numero de matricula,placa,numero de plaque,numero d immatriculation,numero de chassis,fahrzeugnummer,fahrzeug identifizierungsnummer,amtliches kennzeichen,fin nummer,numero de bastidor,bastidor".split(
      ",",
    ),
    [
      "plate",
      "registered as",
      "fin",
      "kfz",
      "coche",
      "vehiculo",
      "vehicule",
      "voiture",
      "auto",
      "plates",
      "tag",
      "vehicle",
    ],
    1,
  ),
  ...labels(
    "device",
    "device-label",
    "pacemaker serial,icd serial,implant n,sensor id,mac adresse,adresse mac,direccion mac,geratekennung,serial number,serial no,serial num,serial,serial id,s n,sn,device id,device identifier,device number,device serial,implant serial,implant id,udi,imei,imei number,mac address,pacemaker id,pump id,seriennummer,numero de lote,numero de lot,numero del dispositivo,numero d appareil,modelo y serie,serien nr,geratenummer,gerate nr,numero de serie,asset tag".split(
      ",",
    ),
    [
      "device",
      "pacemaker",
      "herzschrittmacher",
      "schrittmacher",
      "implantat",
      "insulinpumpe",
      "defibrillator",
      "stimulateur",
      "stimulateur cardiaque",
      "pompe",
      "prothese",
      "marcapasos",
      "bomba",
      "bomba de insulina",
      "protesis",
      "desfibrilador",
      "hearing aid",
      "glucose sensor",
      "mac",
      "implant",
      "imsi",
      "iccid",
      "lot",
      "imei",
    ],
    3,
  ),
  ...labels(
    "ip_address",
    "ip-label",
    "ip address,ip addr,ip adresse,adresse ip,direccion ip".split(","),
    ["ip"],
    6,
  ),
  ...labels(
    "other",
    "code-label",
    "ausweis,ausweis nr,lichtbildausweis,schwerbehindertenausweis,pesel,regon,personalnummer,matrikelnummer,probandennummer,probanden nr,probanden id,studiennummer,teilnehmernummer,sujet,sujeto,sujeto de estudio,numero de sujeto,numero de sujet,numero de passeport,numero de pasaporte,numero de passport,numero de demande,numero de solicitud,numero de identificacion,documento de identidad,numero national,numero fiscal,steuer identifikationsnummer,personal number,personnr,personnummer,fodselsnummer,cpr,egn,cnp,rodne cislo,oib,emirates id,passport,passport number,passport no,reisepass,reisepassnummer,passnummer,passeport,pasaporte,claim number,claim no,claim id,encounter number,encounter id,encounter no,visit number,visit id,accession number,accession no,accession,order number,order id,case number,case no,case id,specimen id,specimen number,specimen no,sample id,requisition number,prescription number,rx number,rx no,prescription no,referral number,authorization number,auth number,prior authorization,confirmation number,reference number,reference no,ref no,tracking number,study id,subject id,participant id,subject number,participant number,enrollee id,employee id,employee number,badge number,badge id,student id,student number,national id,national insurance,national insurance number,nhs number,nhs no,nhs,tax id,taxpayer id,tin,itin,ein,steuernummer,steuer id,steueridentifikationsnummer,personalausweis,ausweisnummer,personalausweisnummer,personnummer,bsn,dni,nie,nif,curp,cpf,aadhaar,aadhar,sin,social insurance number,codice fiscale,carte d identite,carte nationale d identite,inmate number,booking number,csn,trial id,donor id".split(
      ",",
    ),
    [
      "claim",
      "proband",
      "encounter",
      "visit",
      "case",
      "specimen",
      "order",
      "rx",
      "reference",
      "ref",
      "badge",
      "participant",
      "subject",
      "ticket",
      "confirmation",
      "id",
      "identifier",
      "auth",
      "authorization",
    ],
    4,
  ),
  ...labels(
    "fax",
    "fax-label",
    "fax,fax number,fax no,facsimile,telefax,telecopie,telecopieur,faxnummer,numero de fax,efax".split(","),
    [],
    6,
    "telephone",
  ),
  ...labels(
    "telephone",
    "telephone-label",
    "tlf,tfno,tlfno,telf,telef,fon,tel nummer,numero de movil,numero de portable,telephone portable,phone,phone number,phone no,telephone,telephone number,tel,cell,cell phone,cellphone,mobile,mobile number,pager,beeper,call back,callback,callback number,contact number,home phone,work phone,whatsapp,telefon,telefonnummer,tel nr,handy,handynummer,mobil,mobilnummer,rufnummer,telefono,numero de telefono,movil,celular,numero de telephone,portable,gsm,call,text,reach,reached,reachable,sms,ph".split(
      ",",
    ),
    [],
    7,
    "telephone",
  ),
  ...labels(
    "other",
    "handle-label",
    "twitter,instagram,insta,tiktok,snapchat,facebook,linkedin,telegram,skype,username,user name,screen name,login,benutzername,nom d utilisateur,usuario,patient portal,handle".split(
      ",",
    ),
    [],
    0,
    "handle",
  ),
];

/** Words that may stand between a label and its value. */
const fillers = new Set(
  "number,no,nr,num,nos,id,ids,is,was,of,the,reads,value,code,has,as,a,are,shows,to,at,on,for,me,him,her,them,us,or,this,my,his,their,same,issued,file,line,state,ending,ends,in,last,four,digits,new,old,current,s,es,est,ist,lautet,numero,nummer,n,den,der,die,unter,au,le,el,por,al,und,y,home,cell,mobile,work,wife,husband,daughter,son,mother,patient,pt,office,back,directly,with,format".split(
    ",",
  ),
);
/** What says that a number is an amount. */
const units = new Set(
  "mg,mcg,ug,g,kg,ml,l,dl,mmhg,mmol,meq,units,unit,iu,bpm,percent,years,year,yrs,days,day,weeks,week,months,month,hours,hour,hrs,minutes,min,times,patients,cases,people,cells,cm,mm,beats,steps,calories,kcal,doses,tablets,tabs,participants,subjects,visits,dollars,usd,euros".split(
    ",",
  ),
);

/** Words that end in what is short for a number, after which a point ends no sentence. */
const abbreviated = /(?:nr|num|nbr)$/;
const code = /[#(]?[A-Za-z]{0,6}[-/. ]?\d[\dA-Za-z]*(?:(?:[-/.–_]| ?- ?)[\dA-Za-z]+|(?<=\d) \d+)*/y;
const lettersFirst = /[A-Z]{1,4}\d?[A-Z]{0,3}[- ]?\d[\dA-Z]*(?:[- ][\dA-Z]*\d[\dA-Z]*)*/y;
const plate = /[A-Z0-9]{1,8}(?:[-· ]{1,3}[A-Z0-9]{1,5}){0,3}(?![A-Za-z0-9])/y;
/** A vehicle identification number, whether its check digit is right or not: those of other continents have none. */
const chassis = /[A-HJ-NPR-Z\d]{17}(?![A-Za-z\d])/y;
const telephone = /\+?\(?\d(?:[ ().\-/–]{0,3}\d){5,14}(?:,? ?(?:x|ext\.?|extension) ?\d{1,6})?/y;
const handle = /@?[A-Za-z][\w.-]{2,40}/y;

interface Node {
  label?: Label;
  readonly next: Map<string, Node>;
}

const tree: Node = { next: new Map() };

/** How a label is written as well: without spaces, as keys of data are, and with what is short for its number. */
function spellings(phrase: string): readonly string[] {
  const numbered = phrase.startsWith("numero ")
    ? ["n", "no", "nº", "n º", "num", "nro"].map((short) => phrase.replace("numero", short))
    : [];
  return [phrase, phrase.replaceAll(" ", ""), ...numbered];
}

for (const [phrase, label] of known) {
  for (const spelling of spellings(phrase)) {
    let node = tree;
    for (const word of spelling.split(" ")) {
      const next = node.next.get(word) ?? { next: new Map<string, Node>() };
      node.next.set(word, next);
      node = next;
    }
    // What is written as it is counts before another that is written so as well.
    if (node.label === undefined || spelling === phrase) {
      node.label = label;
    }
  }
}

/** The kind of what a label in lower case and without accents stands for, and whether it says so for sure; undefined for other words. */
export function labelledKind(phrase: string): Pick<Label, "kind" | "strong"> | undefined {
  let node: Node | undefined = tree;
  for (const word of phrase.split(" ")) {
    node = node?.next.get(word);
  }
  return node?.label;
}

/** The longest label that begins at a token, and the token after it. */
function labelAt(
  text: TokenText,
  token: number,
): { readonly label: Label; readonly after: number } | undefined {
  let node: Node | undefined = tree;
  let best: { readonly label: Label; readonly after: number } | undefined;
  for (let at = token; at < text.count; at += 1) {
    if (at > token && !/^[ \-_'’./#°]{0,3}$/.test(text.gap(at - 1))) {
      break;
    }
    node = node.next.get(text.word(at));
    if (node === undefined) {
      break;
    }
    if (node.label !== undefined) {
      best = { label: node.label, after: at + 1 };
    }
  }
  return best;
}

function countDigits(value: string): number {
  let count = 0;
  for (let at = 0; at < value.length; at += 1) {
    const unit = value.charCodeAt(at);
    count += unit >= 48 && unit <= 57 ? 1 : 0;
  }
  return count;
}

const dateLike = /^(?:\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})|\d{4}[-/]\d{1,2}[-/]\d{1,2})$/;
/** Three pairs of digits, by which paper records are filed (terminal digits): a date is written otherwise after such a word. */
const pairsOfDigits = /^\d{2}-\d{2}-\d{2}$/;
const yearLike = /^(?:19|20)\d\d$/;

function reportCode(text: TokenText, label: Label, token: number, report: Report): boolean {
  const start = text.start(token);
  if (label.kind === "vehicle" && label.by === "vehicle-label") {
    const found = text.match(chassis, start) ?? text.match(plate, start);
    const value = found?.[0] ?? "";
    if (
      /\d/.test(value) &&
      value.length >= 4 &&
      (label.strong ? !yearLike.test(value) : /[A-Z]/.test(value))
    ) {
      report(label.kind, label.by, start, start + value.length);
      return true;
    }
  }
  // What is said of a car in general has numbers as well.
  if (label.kind === "vehicle" && !label.strong) {
    return false;
  }
  const found = [text.match(lettersFirst, start), text.match(code, start)]
    .filter((one) => one !== undefined)
    .toSorted((one, other) => other[0].length - one[0].length)[0];
  if (found === undefined) {
    return false;
  }
  let value = found[0].slice(0, 40);
  // A value ends where its token ends.
  const last = text.tokenFrom(start + value.length, token);
  if (last > 0 && text.end(last - 1) > start + value.length && found[0].length <= 40) {
    value = text.text.slice(start, text.end(last - 1));
  }
  // A trial is registered by the same number for everybody.
  if (/^NCT\d/i.test(value)) {
    return false;
  }
  const filed = label.strong && label.kind === "medical_record_number" && pairsOfDigits.test(value);
  if (countDigits(value) < label.digits || (dateLike.test(value) && !filed)) {
    return false;
  }
  if (yearLike.test(value) && (!label.strong || !/[:#=|]/.test(text.gap(token - 1)))) {
    return false;
  }
  // Devices have rates and sizes as well.
  if (
    !label.strong &&
    label.kind === "device" &&
    !(/[A-Za-z]/.test(value) && countDigits(value) >= 4) &&
    countDigits(value) < 6
  ) {
    return false;
  }
  if (/^\d+$/.test(value) && (units.has(text.word(last)) || /^\s?%/.test(text.gap(last - 1)))) {
    return false;
  }
  report(label.kind, label.by, start, start + value.length);
  return true;
}

function reportTelephone(text: TokenText, label: Label, token: number, report: Report): boolean {
  let start = text.start(token);
  const before = /[+(]{1,2}$/.exec(text.text.slice(Math.max(0, start - 2), start));
  start -= before?.[0].length ?? 0;
  const found = text.match(telephone, start);
  if (found === undefined || countDigits(found[0]) < label.digits || dateLike.test(found[0])) {
    return false;
  }
  report(label.kind, label.by, start, start + found[0].length);
  return true;
}

/** Looks from the end of a label on for its value, and perhaps at what stands before it. */
function lookAround(
  text: TokenText,
  token: number,
  { label, after }: { readonly label: Label; readonly after: number },
  report: Report,
): void {
  // mg/dL is a unit.
  if (
    !label.strong &&
    /[\p{L}\d]\/$/u.test(text.text.slice(Math.max(0, text.start(token) - 2), text.start(token)))
  ) {
    return;
  }
  if (label.form === "handle") {
    // A name on a network is no word of its own: it stands after a colon or an at sign.
    const gap = text.gap(after - 1);
    if (/^\s?[:=(]?\s?@$|^\s?[:=]\s?$/.test(gap) && after < text.count) {
      const start = text.start(after) - (gap.endsWith("@") ? 1 : 0);
      const found = text.match(handle, start);
      if (found !== undefined) {
        report(label.kind, label.by, start, start + found[0].replace(/[.-]+$/, "").length);
      }
    }
    return;
  }
  const ready = label.form === "telephone" ? reportTelephone : reportCode;
  const most = label.strong ? 7 : 4;
  for (let at = after; at < text.count && at < after + most; at += 1) {
    const gap = text.gap(at - 1);
    if (
      gap.length > 8 ||
      // A point ends a sentence but after an abbreviation.
      (/\.\s/.test(gap) && text.word(at - 1).length > 4 && !abbreviated.test(text.word(at - 1))) ||
      /[!?;]|\n\s*\n|[^.\s°º][.]\s/.test(gap) ||
      (/,/.test(gap) && !label.strong)
    ) {
      break;
    }
    if (
      text.hasDigit(at) ||
      (label.kind === "vehicle" && (text.isCapitals(at) || (text.isCapital(at) && text.gap(at) === "-")))
    ) {
      if (ready(text, label, at, report)) {
        return;
      }
      break;
    }
    const word = text.word(at);
    if (fillers.has(word)) {
      continue;
    }
    // A few capitals may be the beginning of a value.
    if (
      text.isCapital(at) &&
      text.raw(at).length <= 4 &&
      text.hasDigit(at + 1) &&
      text.gap(at).length === 1
    ) {
      if (ready(text, label, at, report)) {
        return;
      }
    }
    if (!label.strong || tree.next.has(word)) {
      break;
    }
  }
  const before = token - 1;
  if (
    label.strong &&
    label.form === "code" &&
    label.digits >= 3 &&
    before >= 0 &&
    text.hasDigit(before) &&
    /^ ?[([] ?$|^ (?:is|as) $/.test(text.gap(before)) &&
    countDigits(text.raw(before)) >= 5
  ) {
    report(label.kind, label.by, text.start(before), text.end(before));
  }
}

/** Numbers and codes that are known by the words before them: whatever is called a record, member, account number and so on. */
export const labelledValues: Recogniser = {
  words: [...tree.next.keys()],
  look: (text, token, report) => {
    const found = labelAt(text, token);
    if (found !== undefined) {
      lookAround(text, token, found, report);
    }
  },
};
