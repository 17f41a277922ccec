// Which flows does a finished set-up make? Pure: the wizard's answers become the settings and lookup rows of its flows.
import { z } from 'zod';

/** What the wizard has asked about one marketplace. */
const marketplaceAnswer = z.object({
  code: z.string(),
  customerId: z.string().optional(),
  subsidiaryId: z.string().optional(),
  locationId: z.string().optional(),
  marketplaceLocationId: z.string().optional(),
  taxMode: z.enum(['marketplace-remits', 'tax-line', 'suitetax-override']).default('marketplace-remits'),
  taxCodeId: z.string().optional(),
  taxTypeId: z.string().optional(),
});

/** Answers so far: every one may still be missing while the wizard is under way. */
export const orderAnswers = z.object({
  goLiveAt: z.string().optional(),
  marketplaceRecord: z.enum(['cash-sale', 'invoice', 'sales-order']).optional(),
  marketplaces: z.record(z.string(), marketplaceAnswer).default({}),
  items: z.record(z.string(), z.string().optional()).default({}),
  shipMethods: z.record(z.string(), z.string().optional()).default({}),
  confirmShipments: z.boolean().default(true),
  tellCancellations: z.boolean().default(false),
  cancellationReason: z.string().optional(),
});
export type OrderAnswers = z.infer<typeof orderAnswers>;

/** The questions without a safe default that are still open, by the field that answers them. */
export function openQuestions(
  answers: OrderAnswers,
  account: { readonly oneWorld: boolean; readonly chosenMarketplaces: readonly string[] },
): readonly string[] {
  const open: string[] = [];
  if (!answers.goLiveAt) open.push('goLiveAt');
  if (!answers.marketplaceRecord) open.push('marketplaceRecord');
  for (const id of account.chosenMarketplaces) {
    const market = answers.marketplaces[id];
    const ask = (field: 'customerId' | 'locationId' | 'marketplaceLocationId' | 'subsidiaryId') => {
      if (!market?.[field]) open.push(`marketplaces.${id}.${field}`);
    };
    ask('locationId');
    ask('marketplaceLocationId');
    if (account.oneWorld) ask('subsidiaryId');
    if (market?.taxMode === 'suitetax-override')
      for (const field of ['taxCodeId', 'taxTypeId'] as const)
        if (!market[field]) open.push(`marketplaces.${id}.${field}`);
  }
  for (const item of ['discount', 'shipping', 'shippingDiscount', 'giftWrap', 'otherCharge'])
    if (!answers.items[item]) open.push(`items.${item}`);
  if (answers.tellCancellations && !answers.cancellationReason) open.push('cancellationReason');
  return open;
}

const filled = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined && one !== '')) as Value;

/** Settings of the flow that imports orders; what the wizard does not ask keeps its default. */
export function orderSettingsOf(
  answers: OrderAnswers,
  chosenMarketplaces: readonly string[],
  goLiveAt: string,
): object {
  return {
    goLiveAt,
    ...(answers.marketplaceRecord ? { marketplaceRecord: answers.marketplaceRecord } : {}),
    items: filled(answers.items),
    marketplaces: Object.fromEntries(
      chosenMarketplaces.flatMap((id) => {
        const market = answers.marketplaces[id];
        return market ? [[id, filled(market)]] : [];
      }),
    ),
  };
}

/** Rows of the lookup “ship-method”, one per service level that was answered. */
export function shipMethodRows(answers: OrderAnswers) {
  return Object.entries(answers.shipMethods).flatMap(([key, value]) =>
    value ? [{ name: 'ship-method', key, value }] : [],
  );
}
