// Which carrier does the marketplace know this ship method by? The owner's lookup first, then plain names; else `Other`.
import { RecordError } from '../../core/errors.ts';
import { type Lookups, lookUp, type Origin } from '../../mapping/mapping.ts';

export interface Carrier {
  readonly code: string;
  readonly name?: string;
  readonly method?: string;
  readonly origin: Origin;
  /** Orders sent as `Other` count against the valid-tracking rate (features.md #48). */
  readonly isOther: boolean;
}

/** Names that stand in ship methods, and Amazon's carrier codes for them (list of carriers of the shipping confirmation). */
const plainNames: readonly (readonly [RegExp, string])[] = [
  [/\bups\b(?!\s*mi)/i, 'UPS'],
  [/\bfed\s*ex\b/i, 'FedEx'],
  [/\busps\b/i, 'USPS'],
  [/\bdhl\b/i, 'DHL'],
  [/\bontrac\b/i, 'OnTrac'],
  [/\broyal mail\b/i, 'Royal Mail'],
  [/\bdpd\b/i, 'DPD'],
  [/\bhermes|\bevri\b/i, 'Evri'],
  [/\byodel\b/i, 'Yodel'],
  [/\bgls\b/i, 'GLS'],
  [/\blasership|\bontrac\b/i, 'LaserShip'],
  [/\bcanada post\b/i, 'Canada Post'],
];

/** A lookup row is `CODE` or `CODE|service`; its key is the ship method's name or id. */
export function carrierOf(
  method: { readonly id: string; readonly name: string } | undefined,
  lookups: Lookups,
  unmapped: 'other' | 'park',
): Carrier {
  const row =
    method &&
    (exactRow(lookups, method.name) ?? exactRow(lookups, method.id) ?? lookUp(lookups, 'carrier', '*'));
  if (row) {
    const [code = 'Other', service] = row.value.value.split('|').map((part) => part.trim());
    return {
      code,
      ...(service ? { method: service } : {}),
      ...(code === 'Other' ? { name: method!.name } : {}),
      origin: row.origin,
      isOther: code === 'Other',
    };
  }
  const known = method && plainNames.find(([pattern]) => pattern.test(method.name));
  if (known)
    return {
      code: known[1],
      method: method.name,
      origin: { kind: 'rule', words: `The ship method “${method.name}” names the carrier` },
      isOther: false,
    };
  const name = method?.name ?? 'no ship method';
  if (unmapped === 'park')
    throw new RecordError(
      'CARRIER_UNMAPPED',
      `The ship method “${name}” has no carrier of the marketplace.`,
      {
        field: 'carrierCode',
        nextSteps: [`Add a row for “${name}” under Lookups → carrier.`],
        facts: { lookup: 'carrier', key: name, cause: name },
      },
    );
  return {
    code: 'Other',
    name,
    origin: { kind: 'rule', words: `No carrier is known for “${name}”` },
    isOther: true,
  };
}

function exactRow(lookups: Lookups, key: string) {
  return lookups.get('carrier')?.has(key) ? lookUp(lookups, 'carrier', key) : undefined;
}
