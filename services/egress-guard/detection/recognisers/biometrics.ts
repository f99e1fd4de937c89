import type { Recogniser } from "../recogniser";

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
const codeAfter =
  /[\s:=#(]{0,4}(?:(?:id|template|hash|code|no|number|is|sha256|sha-256|scan)[\s:=#.]{1,3}){0,3}[A-Za-z]{0,6}[-_:]?[0-9A-Fa-f][0-9A-Za-z+/=_-]{5,}/iy;

/** What stands after a trait that medicine does not speak of otherwise: whatever has digits and is long enough. */
const anyCodeAfter =
  /["'’]?[\s:=#(|"'*]{0,6}(?:(?:id|template|hash|code|no|number|is|sha256|sha-256|scan|nr)[\s:=#.]{1,3}){0,3}[A-Za-z]{0,6}(?:[-_:]?[0-9A-Za-z+/=]){6,}/iy;

/** Biometric identifiers where their data are spoken of: fingerprints, voice prints, images of retina, iris and face as templates. */
export const biometrics: Recogniser = {
  words: traits,
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

    function endOfData(from: number): number {
      const found = text.match(anatomical.has(word) ? codeAfter : anyCodeAfter, from);
      return found !== undefined && /\d/.test(found[0]) && found[0].length < 400
        ? from + found[0].length
        : from;
    }
  },
};
