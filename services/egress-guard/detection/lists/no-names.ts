/** Words that begin with a capital letter in clinical texts and are no part of a name, in lower case and without accents. */
export const noNames: ReadonlySet<string> = new Set(
  (
    "i a an the this that these those he she it we you they his her its our your their my who what when where which why how and or but if then else " +
    "in on at of to for from by with without as is was are were be been has have had do does did can could may might must shall should will would not no yes none " +
    "patient patients pt name names mr mrs ms dr md rn np pa do phd mph bsn dvm rph pharmd facp facs msn aprn lpn cna emt dds dmd jr sr ii iii iv " +
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec " +
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today tomorrow yesterday " +
    "hospital clinic medical center centre university institute department dept unit ward emergency room icu nicu picu er ed or surgery radiology cardiology oncology neurology " +
    "pediatrics paediatrics psychiatry pathology pharmacy laboratory lab nursing admissions discharge admission summary note notes report reports record records chart history physical exam " +
    "assessment plan diagnosis diagnoses impression findings recommendation recommendations medications medication allergies allergy vitals labs imaging procedure procedures " +
    "chief complaint subjective objective review systems family social past present illness hpi pmh psh ros dob mrn ssn npi dea id phone tel fax email address age sex gender male female " +
    "date time number account insurance medicare medicaid policy member group plan provider physician doctor nurse surgeon therapist attending resident referring primary care specialist " +
    "left right upper lower anterior posterior bilateral chronic acute severe mild moderate stable positive negative normal abnormal total type grade stage class level phase step " +
    "blood pressure heart rate pulse temperature oxygen weight height body mass index glucose sodium potassium creatinine hemoglobin platelet white red cell count " +
    "give given start started continue stop take takes taking increase decrease hold monitor check order ordered obtain consider recommend avoid use follow call contact schedule refer send please " +
    "denies reports states presents presented complains complained seen reviewed discussed performed administered treated prescribed summarize summarise explain describe list draft write translate compare " +
    "what's explain create generate rewrite provide extract classify calculate convert identify include answer question user assistant system human model prompt subject re cc bcc dear hi hello hey thanks thank regards sincerely best kind yours good morning afternoon evening " +
    "new old north south east west street avenue road drive lane boulevard court place suite apt box county city state zip usa america american english spanish french german " +
    "covid sars hiv aids copd chf cad ckd dm htn afib mi cva tia dvt pe uti uri gerd ibs sle ra ms als tb mrsa bun ct mri ecg ekg eeg cbc cmp bmp inr pt ptt " +
    "mother father wife husband son daughter brother sister parent parents spouse partner child children baby infant adult elderly man woman boy girl gentleman lady " +
    "der die das ein eine und oder mit ohne im in am von zu bei nach herr frau patientin patienten wurde ist war hat sich er sie es befund diagnose anamnese therapie klinik krankenhaus abteilung untersuchung blut nummer geburtsdatum telefon adresse arzt " +
    "le la les un une des et ou avec sans dans sur pour par est etait monsieur madame mademoiselle docteur professeur nom prenom ne nee patiente hopital service clinique dossier " +
    "el los las una y o con sin para por es fue senor senora don dona doctor doctora paciente hospital nombre apellido apellidos fecha nacimiento telefono direccion " +
    "avis demeurant domicilie domicilio wohnhaft sujet sujeto proband numero telefono nif dni nir lettre sortie informe alta resumen bericht brief entlassbrief arztbrief epikrise verlauf konsil avis motif conclusion examen antecedentes motivo tratamiento juicio compte rendu synthese befunde aufnahme entlassung beurteilung " +
    "per via due since after before during between about over under above below than also however therefore because while although until both each every other another some any all most more less few " +
    "god bible internet google microsoft apple amazon openai anthropic chatgpt gpt gemini azure excel python json xml html http url api fhir hl7 icd cpt snomed loinc rxnorm dicom " +
    "act standard standards safe harbor privacy rule security section part table figure appendix chapter article vol volume issue page pages journal medicine lancet jama nejm bmj annals archives " +
    "vitamin insulin aspirin tylenol advil aleve motrin lipitor crestor zocor plavix eliquis xarelto coumadin lasix norvasc zestril lantus humalog novolog ozempic wegovy trulicity jardiance farxiga januvia metformin " +
    "allegra claritin zyrtec benadryl flonase advair symbicort spiriva ventolin albuterol prednisone keflex augmentin cipro levaquin zithromax bactrim vancomycin zosyn rocephin " +
    "zoloft prozac lexapro celexa paxil effexor cymbalta wellbutrin xanax ativan valium klonopin ambien seroquel abilify risperdal zyprexa lithium depakote lamictal keppra dilantin tegretol topamax neurontin lyrica " +
    "synthroid premarin yasmin mirena nexium prilosec protonix pepcid zantac zofran reglan humira enbrel remicade stelara keytruda opdivo herceptin avastin rituxan gleevec tarceva taxol botox viagra cialis flomax proscar aricept namenda sinemet requip imitrex maxalt ultram percocet vicodin norco oxycontin dilaudid morphine fentanyl suboxone narcan epipen hep tdap mmr shingrix prevnar gardasil comirnaty " +
    "staphylococcus streptococcus escherichia klebsiella pseudomonas salmonella shigella candida aspergillus clostridium neisseria haemophilus mycobacterium helicobacter legionella listeria borrelia plasmodium toxoplasma"
  ).split(" "),
);

/** Titles before the name of a person. */
export const titles: ReadonlySet<string> = new Set(
  "dr drs mr mrs ms miss mx prof professor sir madam rev reverend fr pastor rabbi imam sgt capt lt hr herr herrn frau fraulein m mme mlle monsieur madame mademoiselle docteur dre sr sra srta senor senora senorita don dona doctora dra dras mlles dott dottore dottoressa signor signora signorina doctor nurse sister pastor".split(
    " ",
  ),
);

/** Titles that stand before a name in small letters as well. */
export const smallTitles: ReadonlySet<string> = new Set(
  "senor senora senorita monsieur madame mademoiselle signor signora".split(" "),
);

/** Words with which a letter begins, after which even a doubtful title is one. */
export const salutations: ReadonlySet<string> = new Set(
  "dear cher chere estimado estimada querido querida lieber liebe geehrter geehrte caro cara respected".split(
    " ",
  ),
);

/** Words with which a letter ends, before the name of who wrote it. */
export const closings: ReadonlySet<string> = new Set(
  "regards sincerely truly faithfully respectfully cordially best wishes cordialement confraternellement sentiments salutations saludo saludos atentamente cordialmente ihr ihre grusse grussen gruss hochachtungsvoll signed firmado signe gez gezeichnet".split(
    " ",
  ),
);

/** Words for relatives, after whom their names stand. */
export const relatives: ReadonlySet<string> = new Set(
  "wife husband spouse son daughter mother father brother sister partner aunt uncle cousin grandmother grandfather grandson granddaughter niece nephew fiance fiancee boyfriend girlfriend roommate neighbor neighbour caregiver guardian carer friend stepmother stepfather mom mum dad esposa esposo marido mujer hijo hija madre padre hermano hermana abuela abuelo tia tio sobrina sobrino pareja ehefrau ehemann mann sohn tochter mutter vater bruder schwester oma opa tante onkel enkel enkelin partnerin lebensgefahrtin lebensgefahrte femme mari fils fille mere pere epouse epoux frere soeur oncle compagne compagnon".split(
    " ",
  ),
);

/** What a note or a letter says right before the name of a patient. */
export const aboutPatients: ReadonlySet<string> = new Set(
  "seeing seen recevoir accueillir adresser confier wegen bezuglich betreffend betrifft sobre ver referring evaluating concernant regarding concerning discussing treating meeting admitting about named pour".split(
    " ",
  ),
);

/** Words of medicine and of clinics that are written with capitals where names are as well; in English, German, French and Spanish. */
export const clinicalWords: ReadonlySet<string> = new Set(
  (
    "cancer breast colon lung liver kidney renal cardiac cardiovascular heart failure attack stroke diabetes diabetic hypertension hypotension obesity asthma anemia anaemia sepsis infection infarction pneumonia " +
    "bronchitis influenza dementia depression anxiety disorder psychosis autism epilepsy migraine arthritis osteoporosis fracture trauma injury burn wound pain fever cough headache nausea vomiting fatigue rehab rehabilitation palliative hospice intensive " +
    "care team staff service services support consent form forms practice guideline guidelines advance directives directive healthy alive deceased unknown well oriented alert awake supportive present employed retired unemployed married single widowed divorced smoker never former current " +
    "syndrome disease illness condition transplant dialysis surgery valve bypass catheter device pacemaker therapy treatment screening vaccine vaccination hormone thyroid prostate ovarian cervical uterine gastric intestinal hepatic pulmonary arterial venous deep vein thrombosis embolism aneurysm " +
    "atrial ventricular coronary artery congestive multiple sclerosis lateral rheumatoid lupus celiac crohn colitis ulcerative irritable bowel sickle trait carrier allergic rhinitis eczema psoriasis melanoma leukemia lymphoma myeloma tumor tumour mass nodule lesion cyst " +
    "akute akuter akutes chronische chronischer instabile instabiler arterielle schwere verdacht zustand herzinsuffizienz vorhofflimmern lungenembolie schlaganfall herzinfarkt krebs mellitus pectoris morbus fieber schmerzen husten ubelkeit sturz schwindel dyspnoe synkope atemnot bluthochdruck niereninsuffizienz " +
    "insuffisance cardiaque renale hepatique respiratoire infarctus cancer sein poumon douleur fievre toux diabete hypertension arterielle accident vasculaire cerebral fibrillation auriculaire grippe asthme chute malaise " +
    "insuficiencia cardiaca renal hepatica respiratoria infarto mama pulmon dolor fiebre tos hipertension arterial accidente cerebrovascular fibrilacion auricular gripe asma caida mareo enfermedad cancer"
  ).split(" "),
);

/** Words that begin no name and may end one, where something else says that it is one. */
export const namesToo: ReadonlySet<string> = new Set(
  "will can sun may mark march april june august jan white green long young grant stone rice bill rose drew page level state long fall".split(
    " ",
  ),
);

/** What is said of a birth right after a name. */
export const birthNotes: ReadonlySet<string> = new Set(
  "dob born geboren geb ne nee nacido nacida nato nata".split(" "),
);

/** Headings of letters, under which the name of the patient may stand in a line of its own. */
export const letterHeadings: ReadonlySet<string> = new Set(
  "entlassbrief entlassungsbrief arztbrief entlassungsbericht epikrise epicrisis epicrise befundbericht sortie liaison alta informe rendu summary letter note discharge".split(
    " ",
  ),
);

/** Words in small letters that follow `my patient` without being a name. */
export const afterMyPatient: ReadonlySet<string> = new Set(
  "population group panel list portal chart history care safety outcome outcomes data record records file case cases education handout also just recently still never always currently often usually sometimes already only really now then today who whom that which whose with without and but for from because when while has have had is was were does did will would can could should not very more most diabetic elderly young old new next first last other same pregnant male female pediatric adult teenage year yesterday again often suddenly initially reportedly apparently previously actually probably likely himself herself them experience satisfaction questions letter instructions message here there being after before during since about".split(
    " ",
  ),
);

/** Titles that are other words as well, after which only a known name is one. */
export const doubtfulTitles: ReadonlySet<string> = new Set(
  "m don fr miss doctor nurse sister sir lt professor docteur doctora pastor sr hr".split(" "),
);

/** What is written before a name, with a colon or an equals sign. */
export const nameLabels: ReadonlySet<string> = new Set(
  "name,names,patient,pt,surname,firstname,lastname,fullname,forename,patientname,client,attending,physician,provider,surgeon,doctor,nurse,therapist,pcp,referring,guarantor,subscriber,insured,nok,contact,kin,mother,father,spouse,husband,wife,guardian,caregiver,author,signed,dictated,cosigned,witness,interpreter,vorname,nachname,familienname,patientin,nom,prenom,nombre,apellido,apellidos,paciente,medico,arzt,hausarzt,medecin,cc,attn,from,to,re,regarding,proband,claimant,employee,resident,beneficiary,emergency".split(
    ",",
  ),
);

/** Words after which somebody's name stands. */
export const nameCues: ReadonlySet<string> = new Set(
  "named,called,patient,pt,wife,husband,son,daughter,mother,father,brother,sister,partner,spouse,friend,neighbor,neighbour,caregiver,guardian,aunt,uncle,cousin,grandmother,grandfather,grandson,granddaughter,niece,nephew,fiance,fiancee,boyfriend,girlfriend,roommate,boss,supervisor,coworker,mom,mum,dad,baby,client,nurse,surgeon,attending,physician,provider,therapist,dentist,signed,dictated,by,name,dear,hi,hello,hey,regarding,am,i'm,namens,heisst,heiße,s'appelle,appelle,llama,llamo,llamada,llamado,patientin,paciente,esposa,esposo,hijo,hija,madre,padre,ehefrau,ehemann,sohn,tochter,mutter,vater,femme,mari,fils,fille,mere,pere,epouse".split(
    ",",
  ),
);

/** Small words within names. */
export const particles: ReadonlySet<string> = new Set(
  "de la las los del da das do dos di della du des le van von der den ter ten zu zur bin bint ibn al el abu ben y e st mac mc o d san santa".split(
    " ",
  ),
);

/** What people who are called by their family name alone do in a note. */
export const personVerbs: ReadonlySet<string> = new Set(
  "reports reported presented presents denies denied states stated complains complained needs came arrived said says asked called took takes lives wants feels felt told underwent received has had was is will would should agreed refused missed works uses used smokes drinks returned followed developed died berichtet klagt wurde hat ist kam presente est souffre refiere acude presenta es".split(
    " ",
  ),
);
