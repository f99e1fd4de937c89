/** People after whom medicine calls a disease, a sign, a score or a thing: their names alone are nobody's in a text about patients. */
export const eponyms: ReadonlySet<string> = new Set(
  (
    "addison adson albright alport alzheimer angelman apgar arnold asperger auer babinski baker barlow barrett bartholin bartter barre barton " +
    "basedow battle becker beck beckwith behcet behçet bell bennett berger bernard billroth bishop blalock blumberg boerhaave bouchard bowen " +
    "braden broca brodmann brown brudzinski bruce brugada budd buerger burkitt caroli castleman chagas charcot charlson chiari chvostek " +
    "child churg clark cohn colles conn cooley coombs cori courvoisier coxsackie creutzfeldt crigler crohn cullen cushing dandy danlos de " +
    "dercum devic dix doppler douglas down dravet dressler duchenne duke duncan dupuytren durie eaton ebstein edwards ehlers eisenmenger " +
    "epley epstein erb evans ewing fabry fallot fanconi felty fick finkelstein fitz flint foley fontan forrest fournier fowler framingham " +
    "fuchs galeazzi gamna gardner gaucher gehrig geneva gilbert gilles gitelman glasgow gleason goodpasture gorlin gottron graham gram " +
    "grave graves grey guillain guyon hallpike hamman hampton hansen harris hartnup hashimoto hawkins heberden heimlich heinz henoch hickman " +
    "hill hirschsprung hodgkin hodgkins hoffmann holter homan homans horner howell hunt hunter huntington hurler hutchinson jackson jacobs " +
    "janeway jarisch jolly jones kaplan kaposi karnofsky kartagener katz kawasaki kayser kehr keith kernig kerley killip killian klinefelter " +
    "klippel klumpke koch kocher koplik korsakoff korotkoff krabbe krukenberg kupffer kussmaul lachman lambert langerhans langhans leber legg " +
    "lennox leriche lesch lewy leydig lhermitte libman liddle lisfranc lister littre lou ludwig lyme lynch mallory malt mantoux marfan " +
    "marshall mayo mcburney mccune mcmurray meckel meige meniere menkes merkel michaelis mini mobitz monro morse morton munchausen murphy " +
    "nash neer nikolsky noonan norton nelson nissl ochsner ogilvie ortolani osgood osler paget pancoast papanicolaou pap parinaud parkinson " +
    "patau pavlik peutz peyer peyronie phalen pick pierre plummer pompe pott potter prader prinzmetal pringle profeta pugh purkinje queckenstedt " +
    "quincke ramsay ranke rankin ranson rathke raynaud reed reinke reiter rett reye richter riedel rinne ritter robin romberg rorschach roth " +
    "rotor roux rovsing russell sanger schatzki schirmer schlatter schmorl schwann scheuermann schilling schonlein sengstaken sertoli sezary " +
    "sheehan shy simmonds sims sipple sjogren snellen spitz sprengel spurling stargardt starling stein sternberg stevens still stokes " +
    "strauss sturge sweet swan sydenham sylvius takayasu takotsubo tanner tay tietze tinel todd tourette traube trendelenburg treitz troisier " +
    "trousseau turner tzanck valsalva vater venn virchow von waldenstrom wallenberg waterhouse weber wegener weil welch wells werner wernicke " +
    "whipple wickham widal willebrand williams wilms wilson wiskott wolff wood zenker ziehl zollinger katzung goldman lee wright romano ward " +
    "gell hardy weinberg bonferroni kaplan meier cox student fisher pearson bland altman mann whitney kruskal wallis bradford hosmer " +
    "braun abbott baxter pfizer merck lilly novo nordisk roche bayer boston philips siemens johnson stryker zimmer cochrane harrison harrisons nelson " +
    "robbins tintinalli sabiston schwartz campbell gray stanford johns hopkins cleveland kaiser permanente sinai vincent allen luer hudson " +
    "yankauer robinson jackson pratt penrose levin salem dobhoff macintosh miller mallampati cormack lehane wechsler hamilton montgomery " +
    "asberg beers stopp barthel lawton mcgill wong epworth berlin stop kellgren lawrence garden salter danis ottawa canadian gustilo anderson " +
    "frankel denver bayley vineland conners beighton ghent jones centor curb light maddrey meld milan breslow eli curie nightingale ann arbor lugano binet rai gleason " +
    "nottingham bloom richardson masaoka dukes siewert bismuth corlette strasberg todani hinchey balthazar atlanta marburg lassa ebola zika"
  ).split(" "),
);

/** What is called after people, and after places. */
export const eponymNouns: ReadonlySet<string> = new Set(
  (
    "disease diseases syndrome syndromes sign signs test tests score scores scale scales criteria criterion classification stage stages staging " +
    "grade grading index catheter procedure palsy lymphoma sarcoma carcinoma reflex maneuver manoeuvre fracture fractures contracture esophagus oesophagus thyroiditis " +
    "angina chorea ulcer tumor tumour cell cells body bodies stain method methods phenomenon paralysis anemia anaemia nodes node nodules duct space " +
    "line lines law effect equation formula murmur rule rules inventory questionnaire assessment examination exam protocol regimen trial study " +
    "virus fever encephalitis consensus guidelines guideline chromosome catheters drain tube forceps clamp retractor needle position incision operation shunt " +
    "triad tetralogy pentad anomaly malformation deformity dystrophy ataxia dementia aphasia encephalopathy nephropathy neuropathy hepatitis arthritis vasculitis " +
    "purpura granulomatosis gangrene abscess hernia diverticulum cyst cysts gland glands tendon ligament canal foramen area rings ring spots spot lesion lesions " +
    "hospital clinic university institute college school centre center foundation pharmaceuticals pharma medical scientific laboratories healthcare health manual textbook " +
    "bowel preparation coma risk cognitive depression pain nomogram curve plot correction regression estimator model ratio valve stent graft catheterization " +
    "thyroid macroglobulinemia nephritis macroglobulinaemia hydrocele crisis cardiomyopathy fibers fibres membrane capsule loop layer apparatus complex plaques plaque " +
    "nails clubbing breathing respiration sounds sound cuff device monitor lamp light lens procedures technique repair anastomosis resection flap graft graft-versus " +
    "krankheit syndrom zeichen maladie signe enfermedad sindrome signo escala morbus skala klassifikation kriterien echelle criterios gangrene phenotype antigen antibody lisinopril"
  ).split(" "),
);
