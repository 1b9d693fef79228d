import type { TravelDocument } from '../contract/document.ts';

/** ISO 3166-1 alpha-3, which ICAO Doc 9303 part 3, section 5, part A takes over; only Germany has another code. */
const countries =
  'ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM BLR ' +
  'BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR CYM CYP ' +
  'CZE DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FLK FRA FRO FSM GAB GBR GEO GGY GHA GIB GIN GLP GMB GNB ' +
  'GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ ' +
  'KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI ' +
  'MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN ' +
  'PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM ' +
  'SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI ' +
  'URY USA UZB VAT VCT VEN VGB VIR VNM VUT WLF WSM YEM ZAF ZMB ZWE';

/**
 * The further codes of that section: Germany, the kinds of British nationals, the United Nations and its mission in
 * Kosovo, other authorities, persons without a defined nationality, the European Union and the specimens' Utopia; and
 * Kosovo's own, which is in use.
 */
const others =
  'D GBD GBN GBO GBP GBS UNO UNA UNK XBA XCC XCE XCO XDC XEC XES XIM XMP XOM XPO XXA XXB XXC XXX EUE UTO RKS';

const codes: ReadonlySet<string> = new Set(`${countries} ${others}`.split(' '));

/** Whether a code, without filler, is one of an issuing state, an authority or a nationality that ICAO Doc 9303 part 3, section 5 knows. */
export function isKnownState(code: string): boolean {
  return codes.has(code);
}

/** Which of a document's two codes no list knows; a nationality that is left out is none. */
export function unknownStates(document: TravelDocument): ('issuingState' | 'nationality')[] {
  const fields = ['issuingState', 'nationality'] as const;
  return fields.filter((field) => document[field] !== '' && !isKnownState(document[field]));
}
