import type { Recogniser } from "../recogniser";

const pictures = new Set(
  "photo,photos,photograph,photographs,picture,pictures,image,images,portrait,selfie,selfies,headshot,headshots,mugshot,mugshots,passbild,lichtbild,portratfoto,foto,fotos,fotografia,fotografias,photographie,photographies,cliche".split(
    ",",
  ),
);
/** What is a picture of a person by its name alone. */
const ofPerson = new Set(
  "selfie,selfies,headshot,headshots,mugshot,mugshots,passbild,portratfoto".split(","),
);
const persons = new Set(
  "face,facial,fullface,patient,patients,him,her,himself,herself,wife,husband,child,baby,son,daughter,mother,father,id,passport,profile,badge,identification,identifiable,gesicht,gesichts,patienten,patientin,visage,cara,rostro,paciente,license".split(
    ",",
  ),
);
const fileName = /[\w-]{1,80}\.(?:jpe?g|png|heic|heif|gif|bmp|tiff?|webp|dcm)(?![\w])/iy;
/** The picture itself, within a few words of where it is spoken of. */
const pictureAfter =
  /[^\n;!?]{0,24}?(?:[\w-]{1,40}\.(?:jpe?g|png|heic|heif|gif|bmp|tiff?|webp|dcm)(?!\w)|data:image\/[\w.+-]{1,40}[^\s"')>]*)/iy;
const dataUrl = /data:image\/[\w.+-]{1,40}[^\s"')>]*/iy;
const fileEndings = new Set("jpg,jpeg,png,heic,heif,gif,bmp,tif,tiff,webp,dcm".split(","));

/** Photographs where they are spoken of as showing somebody, by the names of their files, and as data in a URL. */
export const photographs: Recogniser = {
  words: new Set([...pictures, ...fileEndings, "data"]),
  look: (text, token, report) => {
    const word = text.word(token);
    if (word === "data") {
      const found = text.match(dataUrl, text.start(token));
      if (found !== undefined) {
        report("photograph", "image-data", text.start(token), text.start(token) + found[0].length);
      }
      return;
    }
    if (fileEndings.has(word) && text.gap(token - 1) === ".") {
      let first = token - 1;
      while (first > token - 12 && first > 0 && /^[-_]+$/.test(text.gap(first - 1))) {
        first -= 1;
      }
      const found = text.match(fileName, text.start(first));
      if (found !== undefined) {
        report("photograph", "image-file", text.start(first), text.end(token));
      }
      return;
    }
    if (!pictures.has(word)) {
      return;
    }
    const mention = (first: number, last: number) => {
      const end = text.end(last);
      report(
        "photograph",
        "photograph-mention",
        text.start(first),
        end + (text.match(pictureAfter, end)?.[0].length ?? 0),
      );
    };
    if (ofPerson.has(word)) {
      mention(token, token);
      return;
    }
    for (let before = token - 1; before >= token - 3 && before >= 0; before -= 1) {
      if (/[.;:!?\n,]/.test(text.gap(before))) {
        break;
      }
      if (persons.has(text.word(before))) {
        mention(before, token);
        return;
      }
    }
    for (let after = token + 1; after <= token + 5 && after < text.count; after += 1) {
      if (/[.;!?\n]\s/.test(text.gap(after - 1))) {
        return;
      }
      if (persons.has(text.word(after))) {
        mention(token, after);
        return;
      }
    }
  },
};
