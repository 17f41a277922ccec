// How does a buyer's address become a NetSuite one-off address? Two-letter states where NetSuite knows them, lengths cut
// by code points, territories that NetSuite calls countries moved (netsuite.md §8 row 33).
import type { Address } from '../../core/order.ts';

const usStates: Readonly<Record<string, string>> = Object.fromEntries(
  'Alabama AL,Alaska AK,Arizona AZ,Arkansas AR,California CA,Colorado CO,Connecticut CT,Delaware DE,District of Columbia DC,Florida FL,Georgia GA,Hawaii HI,Idaho ID,Illinois IL,Indiana IN,Iowa IA,Kansas KS,Kentucky KY,Louisiana LA,Maine ME,Maryland MD,Massachusetts MA,Michigan MI,Minnesota MN,Mississippi MS,Missouri MO,Montana MT,Nebraska NE,Nevada NV,New Hampshire NH,New Jersey NJ,New Mexico NM,New York NY,North Carolina NC,North Dakota ND,Ohio OH,Oklahoma OK,Oregon OR,Pennsylvania PA,Rhode Island RI,South Carolina SC,South Dakota SD,Tennessee TN,Texas TX,Utah UT,Vermont VT,Virginia VA,Washington WA,West Virginia WV,Wisconsin WI,Wyoming WY,Armed Forces Americas AA,Armed Forces Europe AE,Armed Forces Pacific AP'
    .split(',')
    .map((entry) => [entry.slice(0, -3).toLowerCase(), entry.slice(-2)]),
);
const codes = new Set(Object.values(usStates));
/** Amazon's states that are countries to NetSuite. */
const territories: Readonly<Record<string, string>> = {
  PR: 'PR',
  GU: 'GU',
  VI: 'VI',
  AS: 'AS',
  MP: 'MP',
  'PUERTO RICO': 'PR',
  GUAM: 'GU',
};
/** Field lengths of NetSuite's address record. */
const lengths = { addressee: 83, attention: 83, addr: 150, city: 50, zip: 36, phone: 32 };

const clip = (text: string, lengthMax: number): string => [...text].slice(0, lengthMax).join('');

export function toNetSuiteAddress(address: Address): Record<string, unknown> {
  const state = (address.state ?? '').trim();
  const territory = address.country === 'US' ? territories[state.toUpperCase()] : undefined;
  const country = territory ?? address.country;
  const known = country === 'US' ? stateCode(state) : state;
  const text = (value: string | undefined, lengthMax: number) => (value ? clip(value, lengthMax) : undefined);
  const [line3, district] = [address.line3, address.district];
  return Object.fromEntries(
    Object.entries({
      addressee: text(address.name ?? address.company, lengths.addressee),
      attention: address.company && address.name ? text(address.company, lengths.attention) : undefined,
      addr1: text(address.line1, lengths.addr),
      addr2: text(address.line2, lengths.addr),
      addr3: text(line3 || district, lengths.addr),
      city: text(address.city, lengths.city),
      state: territory ? undefined : known || undefined,
      zip: text(address.postalCode, lengths.zip),
      country: country ? { id: country } : undefined,
      addrPhone: text(address.phone, lengths.phone),
    }).filter(([, value]) => value !== undefined),
  );
}

function stateCode(state: string): string {
  const short = state.replaceAll('.', '').toUpperCase();
  return codes.has(short) ? short : (usStates[state.toLowerCase()] ?? state);
}
