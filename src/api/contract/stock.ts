// What is offered where, how much of it, and why this much?
import { z } from 'zod';
import { moment, pageOf, paging } from './common.ts';

/** How the figure of a listing stands: told, on its way, refused, Amazon's own, or without an item. */
export const offerState = z.enum(['told', 'waiting', 'sending', 'refused', 'marketplace', 'no-item', 'gone']);
export type OfferState = z.infer<typeof offerState>;

/** Rules of one SKU; what is absent comes from the flow's settings. */
export const stockRules = z.strictObject({
  bufferUnits: z.number().int().min(0).max(1_000_000).optional(),
  bufferPercent: z.number().int().min(0).max(100).optional(),
  allocationPercent: z.number().int().min(0).max(100).optional(),
  minimumToList: z.number().int().min(0).max(1_000_000).optional(),
  maximumToList: z.number().int().min(1).max(1_000_000).optional(),
  stopSell: z.boolean().optional(),
});
export type StockRulesOfSku = z.infer<typeof stockRules>;

export const stockRow = z.object({
  connectionId: z.string(),
  sku: z.string(),
  title: z.string(),
  asin: z.string().nullable(),
  itemId: z.string().nullable(),
  itemName: z.string().nullable(),
  units: z.number().int(),
  state: offerState,
  wanted: z.number().int().nullable().describe('What the listing should show.'),
  told: z.number().int().nullable().describe('What the channel was last told.'),
  toldAt: moment.nullable(),
  channelQuantity: z.number().int().nullable().describe('What the channel itself last stated.'),
});
export type StockRow = z.infer<typeof stockRow>;
export const stockPage = pageOf(stockRow);

export const stockQuery = paging.extend({
  q: z
    .string()
    .max(100)
    .optional()
    .describe('The beginning of a SKU, or a part of the title or the item’s name.'),
  state: offerState.optional(),
  connection: z.string().max(120).optional(),
});

export const stockStep = z.object({
  kind: z.enum([
    'location',
    'reserved',
    'allocation',
    'buffer',
    'split',
    'minimum',
    'maximum',
    'stop-sell',
    'no-item',
  ]),
  locationId: z.string().optional(),
  units: z.number().int(),
  left: z.number().int(),
  orderIds: z.array(z.string()).optional(),
});
export type StockStepShown = z.infer<typeof stockStep>;

export const stockDetail = z.object({
  listing: stockRow.extend({
    flowId: z.string().nullable(),
    erpConnectionId: z.string().nullable(),
    seenAt: moment,
    rules: stockRules,
    problem: z.object({ message: z.string(), at: moment }).nullable(),
    dueAt: moment.nullable(),
  }),
  why: z.array(stockStep),
  /** Units available per item and location, as the ERP last said. */
  levels: z.array(
    z.object({ itemId: z.string(), locationId: z.string(), available: z.number().int(), readAt: moment }),
  ),
  parts: z.array(z.object({ itemId: z.string(), quantity: z.number().int() })),
  sharedWith: z.array(z.string()).describe('Other SKUs that need one of its items.'),
  reservedBy: z.array(z.object({ orderId: z.string(), recordId: z.string(), quantity: z.number().int() })),
  tellings: z.array(
    z.object({
      at: moment,
      quantity: z.number().int(),
      via: z.enum(['single', 'bulk']),
      outcome: z.enum(['accepted', 'refused', 'lost']),
      message: z.string().nullable(),
    }),
  ),
});
export type StockDetail = z.infer<typeof stockDetail>;

export const stockSummary = z.object({
  counts: z.partialRecord(offerState, z.number().int()),
  stopped: z.array(z.string()).describe('Stock flows whose emergency stop is on.'),
  flows: z.array(z.object({ id: z.string(), connectionId: z.string() })),
});
export type StockSummary = z.infer<typeof stockSummary>;
