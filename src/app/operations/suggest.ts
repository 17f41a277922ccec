// Which answers do the account's own names suggest? Lists are read out of the account; a person confirms what fits.
import { SyncError } from '../../core/errors.ts';
import type { Choice, ChoiceKind, ErpSession } from '../../erp/erp.ts';
import type { SetupQuestions } from '../operations.ts';

const listKinds: readonly ChoiceKind[] = [
  'customer',
  'subsidiary',
  'location',
  'ship-method',
  'tax-code',
  'account',
  'payment-method',
];

/** A list that the account lacks or hides is no fault: the question about it says so. */
export async function readLists(erp: ErpSession): Promise<SetupQuestions['lists']> {
  const lists: Record<string, SetupQuestions['lists'][string]> = {};
  for (const kind of listKinds)
    try {
      lists[kind] = { items: await erp.choices(kind) };
    } catch (thrown) {
      if (!(thrown instanceof SyncError)) throw thrown;
      lists[kind] = { items: [], unavailable: thrown.message };
    }
  return lists;
}

const itemNames: Readonly<Record<string, RegExp>> = {
  discount: /^(?!.*ship).*discount|promotion/i,
  shipping: /^(?!.*(discount|promotion)).*(shipping|freight|postage)/i,
  shippingDiscount: /ship.*(discount|promotion)/i,
  giftWrap: /gift ?wrap/i,
  otherCharge: /other ?charge|surcharge|cod fee/i,
  tax: /tax/i,
};

/** What the account's own names suggest, where just one fits or all but one are worse. */
export async function suggest(
  erp: ErpSession,
  lists: SetupQuestions['lists'],
  marketplaces: SetupQuestions['marketplaces'],
): Promise<Readonly<Record<string, unknown>>> {
  const charges = [...(await erp.choices('item', 'amazon')), ...(await erp.choices('item', 'marketplace'))];
  const items = Object.fromEntries(
    Object.entries(itemNames).flatMap(([role, pattern]) => {
      const fitting = charges.find((item) => pattern.test(item.name));
      return fitting ? [[role, fitting.name]] : [];
    }),
  );
  return {
    items,
    marketplaces: Object.fromEntries(marketplaces.map((market) => [market.id, suggestMarket(lists, market)])),
    shipMethods: suggestShipMethods(lists['ship-method']?.items ?? []),
  };
}

function suggestMarket(
  lists: SetupQuestions['lists'],
  market: SetupQuestions['marketplaces'][number],
): Readonly<Record<string, string>> {
  const country = market.country === 'GB' ? 'UK' : market.country;
  const of = (kind: string, fits: (choice: Choice) => boolean) => lists[kind]?.items.find(fits);
  const subsidiaries = lists['subsidiary']?.items ?? [];
  const subsidiary =
    subsidiaries.find((one) => one.note === market.country) ??
    (subsidiaries.length === 1 ? subsidiaries[0] : undefined);
  // A location belongs to a subsidiary; one of another subsidiary would be refused.
  const ours = (choice: Choice) =>
    subsidiary === undefined || choice.note === undefined || choice.note.endsWith(subsidiary.name);
  const isFba = (choice: Choice) => /\bfba\b|fulfilled by amazon/i.test(choice.name);
  const found = {
    customerId: of('customer', (choice) => choice.name.toLowerCase().includes(market.name.toLowerCase()))?.id,
    subsidiaryId: subsidiary?.id,
    marketplaceLocationId: of('location', (choice) => isFba(choice) && ours(choice))?.id,
    locationId: (
      of('location', (choice) => !isFba(choice) && ours(choice) && /main|central/i.test(choice.name)) ??
      of('location', (choice) => !isFba(choice) && ours(choice))
    )?.id,
  };
  return {
    code: country,
    taxMode: 'marketplace-remits',
    ...(Object.fromEntries(Object.entries(found).filter(([, id]) => id !== undefined)) as Record<
      string,
      string
    >),
  };
}

function suggestShipMethods(methods: readonly Choice[]): Readonly<Record<string, string>> {
  const like = (pattern: RegExp) => methods.find((method) => pattern.test(method.name))?.id;
  const found = {
    STANDARD: like(/ground|standard/i),
    EXPEDITED: like(/2 ?day|second|expedited/i),
    SECOND_DAY: like(/2 ?day|second/i),
    NEXT_DAY: like(/next|overnight|1 ?day/i) ?? like(/2 ?day/i),
    '*': like(/priority|ground|standard/i),
  };
  return Object.fromEntries(Object.entries(found).filter(([, id]) => id !== undefined)) as Record<
    string,
    string
  >;
}
