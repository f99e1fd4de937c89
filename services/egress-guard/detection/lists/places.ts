/** States of the United States by their names, words joined by `_`: no finer than Safe Harbor allows. */
export const stateNames: ReadonlySet<string> = new Set(
  "alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada new_hampshire new_jersey new_mexico new_york north_carolina north_dakota ohio oklahoma oregon pennsylvania rhode_island south_carolina south_dakota tennessee texas utah vermont virginia washington west_virginia wisconsin wyoming puerto_rico ontario quebec alberta manitoba saskatchewan british_columbia nova_scotia new_brunswick newfoundland".split(
    " ",
  ),
);

/** The same by their abbreviations. */
export const stateAbbreviations: ReadonlySet<string> = new Set(
  "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY".split(
    " ",
  ),
);

/** Abbreviations of states that stand after the names of people as degrees and posts, or are words. */
export const doubtfulAbbreviations: ReadonlySet<string> = new Set(
  "MD PA MA DO OR IN ME HI OK DE PR LA CO AL MS MT ID CT VA MI SC NC AR".split(" "),
);

/** Countries, continents, peoples and languages: as large as a state, or larger. */
export const largePlaces: ReadonlySet<string> = new Set(
  "afghanistan africa albania algeria america american angola argentina armenia asia asian australia australian austria bangladesh belgium bolivia brazil britain british bulgaria burma cambodia cameroon canada canadian chile china chinese colombia congo croatia cuba cyprus denmark deutschland ecuador egypt england english espana estonia ethiopia europe european finland france french germany german ghana greece guatemala guyana haiti honduras hungary iceland india indian indonesia iran iraq ireland irish israel italy italian jamaica japan japanese jordan kenya korea korean kuwait laos latvia lebanon liberia libya lithuania malaysia mali mexico mexican morocco myanmar nepal netherlands nicaragua niger nigeria norway oman pakistan panama paraguay peru philippines poland portugal qatar romania russia russian rwanda scotland senegal serbia singapore slovakia slovenia somalia spain spanish sudan sweden swiss switzerland syria taiwan tanzania thailand tunisia turkey uganda ukraine uruguay usa venezuela vietnam wales yemen zambia zaire zimbabwe uk us eu"
    .split(" ")
    .concat([...stateNames].filter((name) => !name.includes("_"))),
);
