import {
  birthNotes,
  clinicalWords,
  nameLabels,
  noNames,
  particles,
  relatives,
  titles,
} from "../lists/no-names";
import { largePlaces } from "../lists/places";
import type { Recogniser } from "../recogniser";
import type { TokenText } from "../token-text";
import { wordSet } from "../word-set";

import { endsField, isClinical, isEponym, isKnown, isNameWord, lastOfName } from "./names";

/** What somebody is to a patient or in a record, in a label of a form, as its last word. */
export const roles = wordSet(
  `attending,physician,provider,surgeon,doctor,nurse,therapist,pcp,gp,referring,referrer,guarantor,subscriber,insured,policyholder,nok,kin,contact,contacts,patient,client,resident,author,signed,signature,dictated,
  transcribed,cosigned,witness,witnesses,interpreter,translator,requested,ordered,performed,verified,collected,completed,prepared,reviewed,seen,by,consultant,anesthetist,anesthesiologist,pharmacist,midwife,
  technician,technologist,radiologist,pathologist,caregiver,carer,guardian,relative,family,proxy,attorney,employer,owner,holder,cardholder,applicant,claimant,beneficiary,dependent,donor,recipient,proband,participant,
  subject,user,from,to,cc,attn,re,regarding,arzt,hausarzt,hausarztin,behandler,chirurg,operateur,angehorige,angehoriger,angehorigen,kontakt,kontaktperson,ansprechpartner,bearbeiter,betreuer,betreuerin,bevollmachtigter,
  vorsorgebevollmachtigte,versicherter,versicherte,patientin,verfasser,unterschrift,zeuge,dolmetscher,dolmetscherin,notfallkontakt,pflegekraft,medecin,traitant,chirurgien,infirmier,infirmiere,proche,proches,contact,personne,confiance,
  tuteur,tutrice,assure,assuree,auteur,signataire,temoin,interprete,redacteur,correspondant,titulaire,medico,medica,cirujano,enfermero,enfermera,familiar,familiares,contacto,persona,responsable,tutor,tutora,titular,
  asegurado,asegurada,autor,firma,firmado,testigo,remitente,paciente,cuidador,cuidadora`,
);
/** After these, in a sentence, who somebody is named stands, when what is before them is done by people or to them. */
const prepositions = wordSet(
  "by,to,with,from,for,von,vom,an,mit,bei,durch,fur,par,a,avec,de,pour,chez,por,con,para",
);
/** What is done by people, or with them: a participle, a verb or a noun. */
const deeds = wordSet(
  `accompanied,witnessed,seen,signed,performed,reviewed,assisted,escorted,brought,referred,supervised,dictated,interpreted,translated,prescribed,verified,collected,called,contacted,informed,examined,operated,admitted,discharged,
  held,handed,spoke,spoken,speak,talked,discussed,met,meeting,appointment,conversation,visit,call,letter,message,report,reports,copy,copies,thanks,thank,married,divorced,living,lives,lived,works,working,moved,
  followed,counselled,counseled,transferred,over,given,sent,faxed,mailed,assigned,booked,scheduled,care,consult,consultation,handover,introduced,
  begleitet,gebracht,untersucht,operiert,unterschrieben,gesehen,betreut,aufgenommen,entlassen,uberwiesen,informiert,ubergabe,ubergeben,gesprochen,gesprach,termin,telefonat,rucksprache,vereinbart,verheiratet,lebt,wohnt,vertreten,
  accompagne,accompagnee,signe,signee,vu,vue,examine,examinee,opere,operee,adresse,adressee,confie,confiee,remis,remise,suivi,suivie,parle,entretien,rendez-vous,vit,marie,mariee,discute,appel,represente,representee,
  acompanado,acompanada,firmado,firmada,visto,vista,examinado,examinada,operado,operada,derivado,derivada,remitido,remitida,entregado,entregada,atendido,atendida,hablado,hable,habla,cita,vive,casado,casada,comentado,llamada,representado,representada`,
);
/** What is said of somebody right after the name, and of no treatment, disease or institution. */
const statesOfPeople = wordSet(
  `reports,reported,denies,denied,states,stated,complains,complained,lives,lived,works,worked,smokes,smoked,drinks,feels,felt,says,said,tells,told,asks,asked,wants,wanted,refuses,refused,agrees,agreed,
  called,phoned,married,arrived,came,presents,presented,attends,attended,underwent,died,born,klagt,berichtet,lebt,wohnt,raucht,trinkt,kam,stellt,stellte,gibt,wunscht,erschien,verstarb,
  presente,vit,habite,travaille,fume,boit,refuse,consulte,dit,rapporte,decede,decedee,refiere,acude,vive,trabaja,fuma,bebe,niega,consulta,dice,solicita,fallecio`,
);
/** What goes on about somebody after is, was, has and their like. */
const afterBeing = wordSet(
  `a,an,doing,feeling,not,now,still,here,seen,admitted,discharged,married,divorced,widowed,retired,allergic,diabetic,pregnant,male,female,our,my,the,very,well,better,worse,stable,single,aged,born,known,
  ein,eine,wohl,gut,verheiratet,un,une,bien,mieux,mal,mejor,casado,casada,estable,alergico,alergica`,
);
const being = wordSet(
  "is,was,has,had,will,would,can,should,needs,takes,took,ist,war,hat,wurde,est,etait,a,va,es,esta,era,fue,tiene,geht",
);
/** What institutions, places and things with two capitals end in or begin with. */
export const institutions = wordSet(
  `hospital,hospitals,clinic,clinics,center,centre,centers,university,college,school,institute,institutes,foundation,society,association,academy,organization,organisation,department,ministry,agency,administration,committee,council,
  board,service,services,system,systems,group,trust,network,program,programme,project,inc,ltd,llc,gmbh,corp,corporation,company,labs,laboratory,laboratories,pharma,pharmaceuticals,health,healthcare,medicine,medical,insurance,bank,
  church,house,home,hall,tower,park,street,road,avenue,lane,drive,square,bridge,river,lake,island,islands,valley,hills,county,state,states,kingdom,republic,union,nations,world,american,european,british,canadian,national,
  international,federal,royal,general,central,memorial,community,regional,united,cross,shield,red,blue,green,white,black,golden,silver,first,second,third,north,south,east,west,klinikum,klinik,krankenhaus,universitat,institut,
  gesellschaft,verein,stiftung,praxis,apotheke,kasse,amt,ministerium,hopital,clinique,universite,centre,societe,caisse,ministere,pharmacie,cabinet,hospital,clinica,universidad,centro,sociedad,ministerio,farmacia,consultorio,
  card,plan,policy,form,forms,portal,app,model,version,office,windows,word,code,codes,scale,score,index,test,guideline,guidelines,act,law,rule,journal,review,trial,study,registry,day,week,month,year,safety,data,control,self,quality,team,unit,ward,care,therapy,staff,line,support,management,planning`,
);

function isPlain(text: TokenText, first: number, last: number): boolean {
  for (let at = first; at <= last; at += 1) {
    const word = text.word(at);
    if (
      institutions.has(word) ||
      largePlaces.has(word) ||
      clinicalWords.has(word) ||
      (titles.has(word) && at > first)
    ) {
      return false;
    }
  }
  const next = text.word(last + 1);
  return !(
    text.gap(last) === " " &&
    text.isCapital(last + 1) &&
    (institutions.has(next) || noNames.has(next))
  );
}

/** Whether what is before two or more words with capitals says that they are who somebody is. */
function isAnnounced(text: TokenText, first: number, last: number): boolean {
  const before = text.word(first - 1);
  const gap = text.gap(first - 1);
  // Seen by: X Y; | Angehörige | X Y |; "proche":"X Y".
  if (
    roles.has(before) &&
    (!doubtfulRoles.has(before) || deeds.has(text.word(first - 2))) &&
    /^["'”*)]{0,2}\s?[:=|]["'“ *|]{0,4}$|^["'] ?[:,] ?["']$|^;$/.test(gap) &&
    endsField(text, last)
  ) {
    return true;
  }
  if (/^\.? $/.test(gap) && furtherTitles.has(before)) {
    return true;
  }
  if (/^:? $/.test(gap) && abouts.has(before) && /^[ \t]?[,;:!?(\n]|^\.(?:\s|$)|^$/.test(text.gap(last))) {
    return !isDoubtful(text, first, last);
  }
  if (gap !== " " || !prepositions.has(before)) {
    return false;
  }
  for (let at = first - 2; at >= 0 && at >= first - 4; at -= 1) {
    if (/[.;:!?\n]/.test(text.gap(at))) {
      return false;
    }
    if (deeds.has(text.word(at))) {
      return true;
    }
  }
  return false;
}

/** Whether what is after them says so. */
function isSpokenOf(text: TokenText, last: number): boolean {
  const next = text.word(last + 1);
  const gap = text.gap(last);
  if (gap === " ") {
    return (
      statesOfPeople.has(next) ||
      (being.has(next) &&
        text.gap(last + 1) === " " &&
        (afterBeing.has(text.word(last + 2)) || next === "geht"))
    );
  }
  if (gap === ", " && degrees.has(next)) {
    return true;
  }
  // X Y, 67 y; X Y (67 M); X Y, MRN; X Y, her neighbour.
  return (
    /^(?:, | \(|\t| [-–] )$/.test(gap) &&
    (/^(?:\d{1,3}(?:yo?|[mf])?|\d{1,3}-year)$/.test(next)
      ? /^(?:(?:yo?|y|yr|yrs|year|years|m|f|male|female|jahre|ans|anos|jahrig|jahrige|jahriger)\b|[mf]$)/.test(
          text.word(last + 2),
        ) || /[a-z]$/.test(next)
      : birthNotes.has(next) ||
        next === "mrn" ||
        next === "ssn" ||
        (relatives.has(text.word(last + 2)) && /^(?:his|her|the|sein|ihr|son|sa|su)$/.test(next)))
  );
}

/** What follows the name of who has learnt something, after a comma. */
const degrees = wordSet(
  "md,do,rn,np,pa,lpn,cna,bsn,msn,dnp,aprn,crna,phd,mph,mba,msw,lcsw,rd,pt,dpt,ot,slp,rph,pharmd,facp,facs,facc,frcp,mrcp,mbbs,mbchb,dds,dmd,dvm,esq,psyd,fnp,cnm,emt,rrt,oberarzt,oberarztin,chefarzt,chefarztin,assistenzarzt,assistenzarztin,facharzt,facharztin,hausarzt,interne,infirmiere,infirmier,medecin,medico,medica,enfermera,enfermero,adjunto,residente",
);
/** What stands before a name as titles do, some of them after another title: Dr. med. Karla Voss. */
const furtherTitles = wordSet(
  "med,habil,nat,rer,dent,vet,dipl,psych,oberarzt,oberarztin,chefarzt,chefarztin,assistenzarzt,assistenzarztin,stationsarzt,stationsarztin,facharzt,facharztin,schwester,pfleger,pflegerin,hebamme,infirmiere,infirmier,interne,enfermera,enfermero,matrona,lic,ing,frau,herr,nurse,paramedic,midwife,officer,judge,councillor,deacon,father,sister,brother,uncle,aunt",
);
/** Words after which a message says whom it is about. */
const abouts = wordSet(
  "re,regarding,about,concerning,wegen,bezuglich,betreffs,betrifft,concernant,pour,sobre,acerca,regards,subject,betreff,objet,asunto",
);

/** Labels that are of other things as well, so that one of the words after them has to be known as a name. */
const doubtfulRoles = wordSet(
  "from,to,re,regarding,subject,user,owner,contact,contacts,completed,collected,performed,prepared,requested,ordered,verified,recipient,holder,by,responsable,firma",
);
/** How words for things that are done or thought end, and no names that are known. */
const abstract =
  /(?:tion|sion|ment|ness|ity|ance|ence|ology|ship|ics|ism|ung|heit|keit|schaft|cion|dad|miento|ite|ique)$/;

function isDoubtful(text: TokenText, first: number, last: number): boolean {
  for (let at = first; at <= last; at += 1) {
    if (abstract.test(text.word(at)) && !isKnown(text, at)) {
      return true;
    }
  }
  return !isKnown(text, first) && !isKnown(text, last);
}

/** Where a field ends whose value begins with a token; undefined if the value is none that somebody could be called. */
function endOfNameField(text: TokenText, token: number): number | undefined {
  let last = token;
  let words = 1;
  for (let at = token + 1; at < text.count && words < 6; at += 1) {
    const gap = text.gap(at - 1);
    if (!/^(?: |, ?|\. ?| ?[-‐] ?|['’])$/.test(gap)) {
      break;
    }
    const word = text.word(at);
    if (text.hasDigit(at) || (!text.isCapital(at) && !particles.has(word))) {
      return undefined;
    }
    last = at;
    words += 1;
  }
  if (words < 2 || !text.isCapital(last) || !endsField(text, last)) {
    return undefined;
  }
  for (let at = token; at <= last; at += 1) {
    const word = text.word(at);
    if (noNames.has(word) || clinicalWords.has(word) || institutions.has(word) || largePlaces.has(word)) {
      return undefined;
    }
  }
  return last;
}

/** Whether the field that begins with a token is labelled with what somebody is, or called a name. */
function isNameField(text: TokenText, token: number): boolean {
  const label = text.word(token - 1);
  return (
    (roles.has(label) || nameLabels.has(label)) &&
    /^["'”*)\]]{0,2}\s?[:=|]["'“ *|]{0,4}$|^["'] ?[:,] ?["']$|^;$|^:?[ \t]*\n[ \t]*$/.test(
      text.gap(token - 1),
    )
  );
}

/** Names that no list has: two to four words with capitals where only somebody can be meant. */
export const namesInContext: Recogniser = {
  shapes: ["capital"],
  look: (text, token, report) => {
    if (!text.isCapital(token + 1) || !isNameWord(text, token)) {
      return;
    }
    if (!text.isSpaced(token - 1) && isNameField(text, token)) {
      const end = endOfNameField(text, token);
      if (
        end !== undefined &&
        !(
          doubtfulRoles.has(text.word(token - 1)) &&
          !deeds.has(text.word(token - 2)) &&
          !text.text.slice(text.start(token), text.end(end)).includes(",") &&
          isDoubtful(text, token, end)
        ) &&
        !isEponym(text, end) &&
        !isClinical(text, token, end)
      ) {
        report("name", "name-in-context", text.start(token), text.end(end));
        return;
      }
    }
    if (text.isCapitals(token)) {
      return;
    }
    // The words are looked at from the first of them on alone.
    if (text.isCapital(token - 1) && text.gap(token - 1) === " " && isNameWord(text, token - 1)) {
      return;
    }
    const last = lastOfName(text, token, 4);
    if (last === token || text.isCapitals(last) || text.end(last) - text.start(last) < 2) {
      return;
    }
    const spoken = isSpokenOf(text, last);
    if (!spoken && !isAnnounced(text, token, last)) {
      return;
    }
    const eponym = !spoken && isEponym(text, last) && !isKnown(text, token);
    if (eponym || !isPlain(text, token, last) || isClinical(text, token, last)) {
      return;
    }
    report("name", "name-in-context", text.start(token), text.end(last));
  },
};
