// What must the owner decide about stock going out? Which locations count; everything else has a safe default.
import { z } from 'zod';
import type { StockRules } from '../../core/stock.ts';

const share = z.number().int().min(0).max(100);

export const stockSettings = z.strictObject({
  locationIds: z
    .array(z.string().min(1))
    .min(1, 'Choose at least one location whose stock may be sold here.')
    .describe(
      'Locations whose available stock may be sold on this channel. Never a marketplace’s own warehouse.',
    ),
  levelsEverySeconds: z
    .number()
    .int()
    .min(15)
    .max(3_600)
    .default(30)
    .describe('How often changed stock is read from the ERP. Everything is read again once a day.'),
  listingsEveryMinutes: z
    .number()
    .int()
    .min(30)
    .max(1_440)
    .default(360)
    .describe('How often the listings of the channel are read, to find new ones and to compare quantities.'),
  bufferUnits: z.number().int().min(0).default(0).describe('Units of every SKU that are never shown.'),
  bufferPercent: share.default(0).describe('Share of the stock that is never shown, rounded up.'),
  allocationPercent: share
    .default(100)
    .describe('Share of the stock that this channel may show; the rest is for other channels.'),
  minimumToList: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('With fewer units than this a listing shows none.'),
  maximumToList: z.number().int().min(1).optional().describe('A listing never shows more than this.'),
  splitBelow: z
    .number()
    .int()
    .min(0)
    .default(20)
    .describe(
      'An item with this much stock or less is divided between the SKUs that share it, so that the last ones are not sold twice. 0: never.',
    ),
  stopSell: z
    .boolean()
    .default(false)
    .describe('Emergency stop: every merchant-fulfilled listing of this channel shows no stock.'),
  commitLagSeconds: z
    .number()
    .int()
    .min(0)
    .max(900)
    .default(60)
    .describe(
      'How long after an order reached the ERP its stock figures may still lack it; until then its units are held back here too.',
    ),
  bulkFrom: z
    .number()
    .int()
    .min(1)
    .default(300)
    .describe('With more changed SKUs than this, the less urgent ones go together in a bulk update.'),
});

export type StockSettings = z.infer<typeof stockSettings>;

/** The rules for one SKU: its own where the owner set them, else the flow's. The emergency stop beats both. */
export function rulesFor(settings: StockSettings, own: Partial<StockRules>): StockRules {
  const { bufferUnits, bufferPercent, allocationPercent, minimumToList, maximumToList, splitBelow } =
    settings;
  return {
    bufferUnits,
    bufferPercent,
    allocationPercent,
    minimumToList,
    splitBelow,
    ...(maximumToList === undefined ? {} : { maximumToList }),
    ...own,
    stopSell: settings.stopSell || own.stopSell === true,
  };
}
