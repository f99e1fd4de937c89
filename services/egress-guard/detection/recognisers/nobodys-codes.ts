import type { TokenText } from "../token-text";

import { isNumberOfNobody } from "./numbered-values";

/** Systems of codes, registers and publications whose numbers are the same for everybody, and what else is counted or versioned. */
const systems = new Set(
  (
    "510,pma,ndc,loinc,ln,cpt,icd,icd10,icd9,cim,cie,snomed,sct,sctid,rxnorm,rxcui,cui,umls,hcpcs,drg,ops,ccam,atc,pzn,cip13,ucd,gtin,ean,upc,cas,unii,ec," +
    "pubmed,pmid,pmcid,pmc,doi,isbn,issn,arxiv,nct,eudract,isrctn,clinicaltrials,omim,mim,mondo,orpha,orphanet,hpo,mesh,uniprot,ensembl,entrez,genbank,refseq,dbsnp,clinvar,gene,genome,chromosome,chr,uniparc,pdb," +
    "catalog,catalogue,cat,reagent,art,artikel,referenz,sku,model,modell,modele,modelo,version,release,build,revision,firmware,iso,iec,din,rfc,cve,port,oid,guideline,leitlinie,protocol,trial," +
    "seed,timestamp,epoch,unix,created,token,tokens,bytes,byte,commit,sha,hash,md5,checksum,temperature,offset,length,width,height,pixels,hz"
  ).split(","),
);
/** Labels of which the same words say that what follows is somebody's after all. */
const ofSomebody = new Set("patient,mrn,subject,member,serial,sn,account".split(","));

/** What a number counts: after these it is an amount. */
const amounts = new Set(
  (
    "mg,mcg,ug,µg,ng,pg,g,kg,lb,lbs,oz,ml,l,dl,ul,µl,fl,cc,mmol,umol,nmol,pmol,mol,meq,mosm,iu,ie,ui,miu,u,units,unit,unites,unidades,einheiten,cfu,kbe,ufc,copies,copias,kopien,cells,zellen,cellules,celulas,mm3,mm,cm,m,km,ms,s,sec,seconds,min,minutes,h,hr,hrs,hours,days,weeks,months,years,percent,bpm,mmhg,kpa,pa,hz,khz,mhz,ghz,w,kw,v,ma,mah,gy,mgy,sv,bq,mbq,kcal,cal,kj,j," +
    "dollars,usd,euro,euros,eur,pounds,gbp,people,persons,patients,patienten,inhabitants,einwohner,habitants,habitantes,participants,subjects,cases,deaths,births,beds,times,reads,events,tokens,bytes,kb,mb,gb,tb,pixels,px,characters,words,lines,rows,records,steps,million,millions,thousand,billion"
  ).split(","),
);

/** What companies call drugs that have no name yet, and reference numbers of documents. */
const ofDrugs =
  /^(?:A?BBV|ABT|AMG|ARQ|AZD|BAY|BGB|BI|BIBF|BLU|BMS|BNT|CC|CEP|CP|DS|E|EPZ|GDC|GS|GSK|IMGN|INCB|JNJ|LEE|LOXO|LY|MDX|MEDI|MEK|MGCD|MK|MLN|MRNA|NVP|ONO|OSI|PD|PF|PLX|REGN|RG|RO|SAR|SB|SCH|SGN|SHR|STI|TAK|UK|VX|XL|ZD|NCT|ISRCTN|PMC|PMID|PMCID|NM|NP|NR|NG|NC|XM|ENSG|ENST|ENSP|RS|HP|OMIM|MONDO|ORPHA|HGNC|CVE|ISO|IEC|EN|ASTM|RFC|DOI|CAS|LOINC|CHEMBL|CID|GO|KEGG|PDB|GSE|GSM|PRJNA|SRR|EGFR|CD|IL|HLA|COVID|NEJM\w*)$/i;

/** Lines that everybody in the United States may call: poisons, suicides, drugs, violence, the CDC, Medicare and the FDA. */
const ofEverybody = new Set(
  "8002221222,8002738255,8006624357,8007997233,8002324636,8006334227,8003321088".split(","),
);

/** Whether a telephone number is one that everybody may call. */
export function isOfEverybody(telephone: string): boolean {
  return ofEverybody.has(telephone.replaceAll(/\D/g, "").replace(/^1/, ""));
}

/** Whether a word is of a system of codes, or of something else whose numbers are the same for everybody. */
export function isCodeSystem(word: string): boolean {
  return systems.has(word);
}

/** Whether a word is what a number counts. */
export function isAmount(word: string): boolean {
  return amounts.has(word.toLowerCase());
}

/** Whether a number or a code is nobody's: one of a system, of a drug, or an amount. */
export function isNobodys(text: TokenText, first: number, last: number): boolean {
  const next = text.word(last + 1);
  const after = text.gap(last);
  if (/^\s?[%‰°€$£]/.test(after) || (amounts.has(next) && /^(?: |\/|\u00a0|)$/.test(after))) {
    return true;
  }
  const before = text.gap(first - 1);
  if (/[$€£<>≥≤±×]\s?$|[\d\w] ?[x*] ?$/.test(before)) {
    return true;
  }
  const value = text.text.slice(text.start(first), text.end(last));
  const own = /^([A-Za-z]+)[-_]?\d+(?:[.:]\d+|[A-Z])?$/.exec(value)?.[1];
  // 150000, 512x512 and B.1.1.529: a round number, the size of an image, a lineage.
  if (/^[1-9]\d{0,3}0{4,}$|^\d+x\d+(?:x\d+)?$|^[A-Z]{1,3}(?:\.\d{1,3}){2,}$/.test(value)) {
    return true;
  }
  if ((own !== undefined && ofDrugs.test(own)) || isOfEverybody(value)) {
    return true;
  }
  if (ofDrugs.test(text.raw(first - 1)) && /^[-:_ ]$/.test(before)) {
    return true;
  }
  if (isNumberOfNobody(text, first - 1)) {
    return true;
  }
  for (let at = first - 1; at >= 0 && at >= first - 5; at -= 1) {
    const word = text.word(at);
    if (ofSomebody.has(word)) {
      return false;
    }
    if (systems.has(word)) {
      return true;
    }
    if (text.isSpaced(at - 1)) {
      continue;
    }
    const gap = text.gap(at - 1);
    if (
      /[!?\n;]/.test(gap) ||
      (/\.\s/.test(gap) && (text.word(at - 1).length > 3 || text.hasDigit(at - 1)))
    ) {
      return false;
    }
  }
  return false;
}
