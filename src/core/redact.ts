// What must never be written down? Secrets and signatures: cut from texts, headers, URLs and bodies before storage.

const secretNames =
  /(authorization|x-amz-access-token|access_token|refresh_token|client_secret|client_assertion|token_secret|consumer_secret|private_?key|password|cookie|x-amz-security-token|x-amz-signature|x-amz-credential|spapi_oauth_code|oauth_signature|oauth_token)/i;

/** Values that are secrets by their own shape, wherever they stand. */
const secretShapes: readonly RegExp[] = [
  /Atz[ar]\|[\w+/=-]+/g,
  /amzn1\.oa2-cs\.v1\.[\w.-]+/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g,
  /\bBearer\s+[\w.~+/=-]+/gi,
  /((?:access|refresh)_token|client_secret|client_assertion|password|token_?secret|consumer_?secret)(["']?\s*[=:]\s*["']?)[^"'&\s,}]+/gi,
  /([?&](?:X-Amz-Signature|X-Amz-Credential|X-Amz-Security-Token|sig|signature)=)[^&\s"']+/gi,
];

export const redacted = '[redacted]';

/** Every shape above has one of these in it: most texts have none and are looked at once. */
const secretHints =
  /Atz|amzn1\.oa2-cs|PRIVATE KEY|eyJ|bearer|token|secret|client_assertion|password|[?&](?:sig|X-Amz-)/i;

/** Cuts everything that looks like a secret out of free text. */
export function redactText(text: string): string {
  if (!secretHints.test(text)) return text;
  let out = text;
  for (const shape of secretShapes)
    out = out.replace(shape, (_match, name?: string, separator?: string) =>
      typeof name === 'string'
        ? `${name}${typeof separator === 'string' ? separator : ''}${redacted}`
        : redacted,
    );
  return out;
}

/** Header names and sizes stay, secret values go. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      secretNames.test(name) ? redacted : redactText(value),
    ]),
  );
}

/** Property names under which vendors carry a buyer's data (Orders 2026-01-01, Orders v0, NetSuite address subrecords) and we ourselves (core/order.ts). */
const personalNames = new Set(
  (
    'buyerName buyerEmail name company email phone line1 line2 line3 addressLine1 addressLine2 addressLine3 postalCode extendedFields giftMessage ' +
    'customizedUrl legalName taxRegistrationNumber taxRegistrationAddress addressee attention addr1 addr2 addr3 addrText ' +
    'addrPhone zip custcol_mkt_gift_message firstName lastName BuyerName BuyerEmail Phone PostalCode AddressLine1 AddressLine2 AddressLine3'
  ).split(' '),
);

export const personalMark = '[personal]';

/** A copy of a JSON value in which a buyer's data and secrets are replaced by marks. Shape and all other values stay. */
export function redactJson(value: unknown, underPerson = false): unknown {
  if (typeof value === 'string') return underPerson ? personalMark : redactText(value);
  if (Array.isArray(value)) return value.map((element) => redactJson(element, underPerson));
  if (typeof value !== 'object' || value === null)
    return underPerson && value !== null ? personalMark : value;
  const out: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[name];
    out[name] =
      typeof inner === 'string' && namesSecret(name)
        ? redacted
        : redactJson(inner, underPerson || isPersonal(name, value));
  }
  return out;
}

const secretByName = new Map<string, boolean>();
/** Names repeat from document to document; names that are data (ids as keys) must not fill the memory. */
const namesMax = 5_000;

function namesSecret(name: string): boolean {
  let known = secretByName.get(name);
  if (known === undefined) {
    if (secretByName.size >= namesMax) secretByName.clear();
    known = secretNames.test(name);
    secretByName.set(name, known);
  }
  return known;
}

/** What makes an object an address: `name` and `company` are personal there, not on an item, a package or a location. */
const addressSigns = ['countryCode', 'CountryCode', 'addressLine1', 'line1', 'postalCode'];

function isPersonal(name: string, holder: object): boolean {
  if (!personalNames.has(name)) return false;
  if (name === 'name' || name === 'company') return addressSigns.some((sign) => sign in holder);
  return true;
}
