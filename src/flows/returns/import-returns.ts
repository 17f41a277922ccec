// Returned goods into the books: each unit becomes a return authorization at zero value and, when the marketplace's warehouse
// has it, its receipt. Money comes from settlements, never from here (features.md 4.5). Reading: read-returns.ts.
import { createHash } from 'node:crypto';
import { RecordError } from '../../core/errors.ts';
import { money } from '../../core/money.ts';
import type { ReturnedItem } from '../../core/settlement.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { ItemReceiptDraft, OrderInBooks, ReturnAuthorisationDraft } from '../../erp/books.ts';
import { makeCalendar, openDay } from '../../ledger/calendar.ts';
import type { FlowKind, KnownOrder, OpenFlow, RecordWithDocument } from '../flow.ts';
import { readReturns } from './read-returns.ts';
import { type ReturnsSettings, returnsSettings } from './settings.ts';

const hourMs = 3_600_000;

export const importReturns: FlowKind<ReturnsSettings> = {
  id: 'returns.import',
  title: 'Returned goods into the books',
  settings: returnsSettings,
  tasks: (settings) => [
    {
      name: 'returns',
      title: 'Read returned units',
      everySeconds: settings.everySeconds,
      firstAfterSeconds: 60,
      run: readReturns,
    },
  ],
  async deliver(flow, records) {
    const items = records.map((one) => ({ one, item: returnedItem(one.raw) }));
    const orderIds = [...new Set(items.map(({ item }) => item.orderId))];
    const [known, inBooks] = await Promise.all([
      flow.journal.orders(orderIds),
      flow.erp.books?.orders(orderIds) ?? Promise.resolve(new Map<string, OrderInBooks>()),
    ]);
    return new Map(
      items.map(({ one, item }) => [
        one.record.id,
        () =>
          bookReturn(flow, one, {
            item,
            known: known.get(item.orderId),
            order: inBooks.get(item.orderId),
          }),
      ]),
    );
  },
};

/** As it was archived: moments are text there. */
export const returnedItem = (raw: unknown): ReturnedItem => {
  const item = raw as ReturnedItem;
  return { ...item, returnedAt: new Date(item.returnedAt) };
};

interface Facts {
  readonly item: ReturnedItem;
  readonly known: KnownOrder | undefined;
  readonly order: OrderInBooks | undefined;
}

async function bookReturn(
  flow: OpenFlow<ReturnsSettings>,
  { record }: RecordWithDocument,
  { item, known, order }: Facts,
): Promise<Delivered> {
  const now = flow.clock.now().getTime();
  if (item.returnedAt < new Date(flow.settings.startAt))
    return { state: 'skipped', reason: 'Came back before the flow began.' };
  const ripeAt = item.returnedAt.getTime() + flow.settings.waitHours * hourMs;
  if (now < ripeAt)
    return { state: 'waiting', reason: 'Waits until Amazon’s word is final.', at: new Date(ripeAt) };
  const customerId =
    order?.invoices[0]?.customerId ?? order?.cashSales[0]?.customerId ?? order?.salesOrders[0]?.customerId;
  if (!known || customerId === undefined) return waitForOrder(flow, item, { known, ripeAt, now });
  const books = flow.erp.books!;
  const drafts = await draftsOf(flow, { item, marketplaceId: known.order.marketplace.id, customerId });
  await flow.journal.noteIntent(record, { externalId: drafts.authorisation.externalId });
  const authorisation = await books.createOnce(drafts.authorisation);
  const receipt = drafts.receipt && (await books.createOnce(drafts.receipt));
  return {
    state: 'done',
    reason: receipt
      ? `Received ${item.quantity}, ${item.disposition.toLowerCase() || 'no disposition'}.`
      : 'Return authorization made; the warehouse receives it.',
    remote: receipt
      ? { kind: 'item-receipt', id: receipt.id }
      : { kind: 'return-authorisation', id: authorisation.id },
    externalId: drafts.authorisation.externalId,
    applied: { authorisation: authorisation.id, ...(receipt ? { receipt: receipt.id } : {}) },
  };
}

async function waitForOrder(
  flow: OpenFlow<ReturnsSettings>,
  item: ReturnedItem,
  { known, ripeAt, now }: { known: KnownOrder | undefined; ripeAt: number; now: number },
): Promise<Delivered> {
  if (!known) await flow.journal.wantOrdersOfShop([item.orderId]);
  if (now < ripeAt + flow.settings.orderPatienceHours * hourMs)
    return {
      state: 'waiting',
      reason: `Waits for order ${item.orderId} to come into the books.`,
      at: new Date(now + hourMs),
    };
  throw new RecordError(
    'RETURN_ORDER_UNKNOWN',
    `${item.quantity} × ${item.sku} of order ${item.orderId} came back, and the order is not in the books.`,
    {
      nextSteps: [
        'Open the order under Records and cure what holds it; then retry this return.',
        'Or skip it and correct the stock in NetSuite by hand.',
      ],
      facts: { orderId: item.orderId, sku: item.sku },
    },
  );
}

async function draftsOf(
  flow: OpenFlow<ReturnsSettings>,
  of: { readonly item: ReturnedItem; readonly marketplaceId: string; readonly customerId: string },
): Promise<{ authorisation: ReturnAuthorisationDraft; receipt: ItemReceiptDraft | undefined }> {
  const { item } = of;
  const { settings } = flow;
  const locations = settings.locations[of.marketplaceId] ?? settings.locations['*'];
  if (!locations)
    throw new RecordError(
      'RETURN_LOCATION_MISSING',
      `No location is chosen for returns of marketplace ${of.marketplaceId}.`,
      { field: 'locations', nextSteps: ['Choose it in the returns settings, then retry.'] },
    );
  const { itemId, units } = await itemOf(flow, item);
  const periods = await flow.erp.books!.periods();
  const day = makeCalendar(flow.erpReport?.timeZone ?? 'UTC').dayOf(item.returnedAt.getTime());
  const fit = item.disposition === '' || item.disposition === 'SELLABLE';
  const locationId = fit ? locations.sellable : (locations.damaged ?? locations.sellable);
  const suffix = createHash('sha256').update(item.key).digest('hex').slice(0, 16);
  const base = {
    date: openDay(day, periods, true),
    currency: '',
    memo: `Return of order ${item.orderId}: ${[item.disposition, item.reason, item.licensePlate].filter(Boolean).join(', ')}`,
    locationId,
  };
  const authorisation: ReturnAuthorisationDraft = {
    ...base,
    kind: 'return-authorisation',
    externalId: `${settings.externalIdPrefix}-RA-${item.orderId}-${suffix}`,
    customerId: of.customerId,
    lines: [
      {
        key: item.key.slice(0, 200),
        itemId,
        quantity: units,
        amount: money(0n, 'USD'),
        description: `${item.sku} came back${item.disposition ? `, ${item.disposition}` : ''}`,
        locationId,
      },
    ],
  };
  if (item.fulfilledBy === 'merchant') return { authorisation, receipt: undefined };
  return {
    authorisation,
    receipt: {
      ...base,
      kind: 'item-receipt',
      externalId: `${settings.externalIdPrefix}-IR-${item.orderId}-${suffix}`,
      authorisation: { kind: 'return-authorisation', externalId: authorisation.externalId },
      lines: [
        {
          key: item.key.slice(0, 200),
          itemId,
          quantity: units,
          locationId,
          restock: fit || locations.damaged !== undefined,
        },
      ],
    },
  };
}

/** The item behind a SKU, as orders find it: by the owner's aliases, else by its name. */
async function itemOf(
  flow: OpenFlow<ReturnsSettings>,
  item: ReturnedItem,
): Promise<{ itemId: string; units: number }> {
  const alias = (await flow.lookups()).get('item-alias')?.get(item.sku);
  const name = alias?.value ?? item.sku;
  const found = (await flow.erp.items.byNames([name])).get(name);
  if (found) return { itemId: found.id, units: item.quantity * (alias?.multiplier ?? 1) };
  throw new RecordError('ITEM_UNKNOWN', `NetSuite has no item “${name}” (SKU ${item.sku}).`, {
    field: 'sku',
    nextSteps: ['Create the item in NetSuite, or add a row to the lookup item-alias; then retry.'],
    facts: { sku: item.sku },
  });
}
