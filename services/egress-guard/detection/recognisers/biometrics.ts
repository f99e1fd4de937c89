import type { Recogniser } from "../recogniser";

import { isAmount } from "./nobodys-codes";

const traits = new Set(
  "fingerprint,fingerprints,thumbprint,palmprint,palm,voiceprint,voiceprints,faceprint,faceprints,retina,retinal,iris,biometric,biometrics,voice,facial,dna,genetic,gait,vein,handprint,fingerabdruck,fingerabdrucke,stimmabdruck,irisscan,netzhautscan,biometrie,biometrisch,biometrische,biometrischen,empreinte,empreintes,biometrique,biometriques,huella,huellas,biometrico,biometricos,biometrica".split(
    ",",
  ),
);
/** What is a biometric identifier by its name alone. */
const alone = new Set(
  "voiceprint,voiceprints,faceprint,faceprints,palmprint,handprint,thumbprint,stimmabdruck,irisscan,netzhautscan".split(
    ",",
  ),
);
/** Words of everyday that are traits where their data stand beside them. */
const everyday = new Set(
  "face,faces,finger,fingers,thumb,hand,eye,eyes,ear,signature,keystroke,keystrokes,heartbeat,gesicht,gesichts,gesichtserkennung,stimme,stimmprobe,stimmprofil,sprecher,daumen,auge,visage,visages,voix,vocale,vocal,doigt,doigts,pouce,oeil,cara,rostro,voz,dedo,dedos,pulgar,ojo,mano,reconocimiento,reconnaissance,erkennung".split(
    ",",
  ),
);
const data = new Set(
  "template,templates,hash,hashes,minutiae,biometric,biometrics,enrollment,enrolment,enrolled,identifier,id,signature,encoding,embedding,vector,recognition,fingerprint,profile,scan,scans,record,recording,sample,print,prints,file,image,capture,captured,registered,vorlage,datensatz,scanner,digitale,digitales,modele,gabarit,plantilla,dactilar,dactilares,login,unlock,matched,match,data".split(
    ",",
  ),
);
/** Words that make of a trait one that medicine looks at, not one by which somebody is known. */
const medical = new Set(
  "detachment,artery,vein,vessels,hemorrhage,haemorrhage,tear,photocoagulation,exam,examination,neuropathy,disease".split(
    ",",
  ),
);
const anatomical = new Set("retina,retinal,iris,voice,facial,dna,genetic,gait,palm,vein".split(","));
const strongData = new Set(
  "template,templates,hash,hashes,biometric,biometrics,enrolled,enrollment,enrolment,recognition,identifier,id,signature,embedding,print,prints,vector,encoding,scan,profile,vorlage,gabarit,plantilla".split(
    ",",
  ),
);
/** What medicine says of the same words: images and tests of organs, not of who somebody is. */
const clinicalPairs = new Set(["genetic profile", "retinal scans"]);
/** What the data of a trait may be: a code with digits, or what is encoded in base64 or hexadecimal digits. */
const opaque = /[A-Za-z\d](?:[\dA-Za-z+/_-]|[.:](?=[\dA-Za-z])){5,399}={0,2}/y;
/** How far from the trait its data may stand, in tokens. */
const near = 8;

/** Biometric identifiers where their data are spoken of: fingerprints, voice prints, images of retina, iris and face as templates. */
export const biometrics: Recogniser = {
  words: [...traits, ...everyday],
  look: (text, token, report) => {
    const word = text.word(token);
    if (text.isBefore(token, 2, medical)) {
      return;
    }
    const end = text.end(token);
    if (alone.has(word)) {
      report("biometric", "biometric-mention", text.start(token), endOfData(end));
      return;
    }
    if (everyday.has(word)) {
      const after = endOfData(end);
      if (after > end) {
        report("biometric", "biometric-code", text.start(token), after);
      }
      return;
    }
    const wanted = anatomical.has(word) ? strongData : data;
    for (let after = token + 1; after <= token + 3 && after < text.count; after += 1) {
      if (/[.;!?\n]\s/.test(text.gap(after - 1))) {
        break;
      }
      const said = text.word(after);
      if (wanted.has(said)) {
        const pair = `${word} ${said}`;
        const codeEnd = endOfData(text.end(after));
        // A scan of the retina is an examination as well: it counts with a code of its own.
        if (
          clinicalPairs.has(pair) ||
          (anatomical.has(word) &&
            (said === "scan" || said === "profile") &&
            codeEnd === text.end(after) &&
            word !== "iris" &&
            word !== "dna")
        ) {
          return;
        }
        report("biometric", "biometric-mention", text.start(token), codeEnd);
        return;
      }
    }
    const codeEnd = endOfData(end);
    if (codeEnd > end) {
      report("biometric", "biometric-mention", text.start(token), codeEnd);
    }

    /** Where the data end that follow in the same sentence or in the next line, or else the place that is given. */
    function endOfData(from: number): number {
      const first = text.tokenFrom(from, token);
      for (let at = first; at < first + near && at < text.count; at += 1) {
        if (/[!?]|\n\s*\n|[.;]\s/.test(text.gap(at - 1))) {
          break;
        }
        const [code] = text.match(opaque, text.start(at)) ?? [];
        if (code !== undefined && isData(code, anatomical.has(word) || everyday.has(word))) {
          const codeEnd = text.start(at) + code.length;
          return isAmount(text.word(text.tokenFrom(codeEnd, at))) ? from : codeEnd;
        }
      }
      return from;
    }
  },
};

/** Whether a code may be the data of a trait: words, amounts and dates are not. */
function isData(code: string, long: boolean): boolean {
  const digits = code.replaceAll(/\D/g, "").length;
  const capitals = code.replaceAll(/[^A-Z]/g, "").length;
  if (/^\d+(?:[-/.]\d+)*$/.test(code)) {
    return digits >= 6 && !/^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}$/.test(code);
  }
  // In base64, small letters and capitals follow one another as in no word.
  if (code.length >= 16 && (code.match(/[a-z][A-Z]/g)?.length ?? 0) >= 2) {
    return true;
  }
  return long
    ? (digits >= 3 && capitals >= 1) || (code.length >= 16 && digits >= 4)
    : digits >= 2 && (capitals >= 1 || digits >= 4);
}
