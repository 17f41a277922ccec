// Orders closed or cancelled in the ERP before shipping are told to the marketplace, with a reason. Reads:
// erp/netsuite/documents.ts (cancelledSince) · writes: channels/amazon/cancellations.ts.
import { z } from 'zod';
import type { CancellationOutcome } from '../../channels/channel.ts';
import { RecordError, ThrottledError } from '../../core/errors.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { FlowKind, KnownOrder, OpenFlow, RecordWithDocument } from '../flow.ts';

export const cancellationsSettings = z.strictObject({
  everySeconds: z
    .number()
    .int()
    .min(60)
    .max(3_600)
    .default(300)
    .describe('How often cancelled orders are looked for.'),
  startAt: z.iso
    .datetime({ offset: true })
    .describe('Orders cancelled in the ERP before this moment are never told to the marketplace.'),
  reason: z
    .string()
    .default('ask')
    .describe(
      'The marketplace’s reason code for every cancellation, or “ask”: then each waits for a row in the lookup cancel-reason.',
    ),
});
export type CancellationsSettings = z.infer<typeof cancellationsSettings>;

interface CancelledDocument {
  readonly id: string;
  readonly channelOrderId: string;
  readonly fulfilledQuantity: number;
}

const minuteMs = 60_000;

export const exportCancellations: FlowKind<CancellationsSettings> = {
  id: 'cancellations.export',
  title: 'Tell cancellations',
  settings: cancellationsSettings,
  tasks: (settings) => [
    {
      name: 'erp-cancellations',
      title: 'Look for orders cancelled in the ERP',
      everySeconds: settings.everySeconds,
      firstAfterSeconds: 0,
      run: readCancellations,
    },
  ],
  deliver: deliverCancellations,
};

async function readCancellations(flow: OpenFlow<CancellationsSettings>) {
  const cursor = await flow.journal.cursor<{ readonly from: string }>('cancellations');
  const cancelled = await flow.erp.documents.cancelledSince(new Date(cursor?.from ?? flow.settings.startAt));
  const latest = cancelled.reduce(
    (moment, one) => Math.max(moment, one.modifiedAt.getTime()),
    Date.parse(cursor?.from ?? flow.settings.startAt),
  );
  const renewed = await flow.journal.take({
    kind: 'cancellation',
    via: 'erp',
    documents: cancelled.map((one) => ({
      key: one.channelOrderId,
      updatedAt: one.modifiedAt,
      raw: { id: one.id, channelOrderId: one.channelOrderId, fulfilledQuantity: one.fulfilledQuantity },
    })),
    priority: 0,
    cursor: { name: 'cancellations', value: { from: new Date(latest).toISOString() } },
  });
  return { counts: renewed > 0 ? { cancelled: cancelled.length, renewed } : {} };
}

async function deliverCancellations(
  flow: OpenFlow<CancellationsSettings>,
  records: readonly RecordWithDocument[],
) {
  const documents = records.map((of) => ({ of, document: of.raw as CancelledDocument }));
  const orders = await flow.journal.orders(documents.map(({ document }) => document.channelOrderId));
  const results = new Map<bigint, () => Promise<Delivered>>();
  const toSend: { readonly of: RecordWithDocument; readonly known: KnownOrder; readonly reason: string }[] =
    [];
  const lookups = await flow.lookups();
  // Many records share a feed: its report is asked for once.
  const collected = new Map<string, Promise<CancellationOutcome | undefined>>();
  for (const { of, document } of documents) {
    const known = orders.get(document.channelOrderId);
    const answer = decide(of, document, known);
    if (answer) results.set(of.record.id, async () => answer);
    else if (of.record.applied['ticket']) results.set(of.record.id, () => collect(flow, of, collected));
    else {
      const reason =
        flow.settings.reason === 'ask'
          ? lookups.get('cancel-reason')?.get(document.channelOrderId)?.value
          : flow.settings.reason;
      if (reason === undefined) results.set(of.record.id, () => Promise.reject(reasonNeeded(flow, document)));
      else toSend.push({ of, known: known!, reason });
    }
  }
  await sendTogether(flow, toSend, results);
  return results;
}

function decide(
  of: RecordWithDocument,
  document: CancelledDocument,
  known: KnownOrder | undefined,
): Delivered | undefined {
  if (!known) return { state: 'skipped', reason: 'The order is not one of this account.' };
  // Closed because the shop was rolled back: the buyer still wants the goods.
  if (known.applied['undone'])
    return {
      state: 'skipped',
      reason: 'Closed when the shop was rolled back; nothing is told to the marketplace.',
    };
  if (known.order.status === 'cancelled')
    return { state: 'done', reason: 'The marketplace shows the order as cancelled.' };
  if (known.order.fulfilledBy === 'marketplace')
    return {
      state: 'skipped',
      reason: 'The marketplace ships this order; it cannot be cancelled from here.',
    };
  if (
    document.fulfilledQuantity > 0 ||
    known.order.status === 'shipped' ||
    known.order.status === 'partially-shipped'
  )
    return {
      state: 'skipped',
      reason: 'Closed after something was shipped; nothing is told to the marketplace.',
    };
  if (of.record.applied['accepted'] === true)
    return { state: 'done', reason: 'The marketplace has accepted the cancellation.' };
  return undefined;
}

function reasonNeeded(flow: OpenFlow<CancellationsSettings>, document: CancelledDocument): RecordError {
  const reasons = flow.channel.cancellations!.reasons.map((reason) => reason.code).join(', ');
  return new RecordError(
    'CANCELLATION_REASON_NEEDED',
    `Order ${document.channelOrderId} was cancelled in the ERP; the marketplace wants a reason.`,
    {
      field: 'reason',
      nextSteps: [
        `Add a row for “${document.channelOrderId}” under Lookups → cancel-reason with one of: ${reasons}.`,
        'Or set one reason for all under Flows → Tell cancellations.',
      ],
      facts: {
        order: document.channelOrderId,
        lookup: 'cancel-reason',
        key: document.channelOrderId,
        cause: 'reason-needed',
      },
    },
  );
}

/** One feed for all that wait: feeds are scarce (one in two minutes; spapi.md §3.1). */
async function sendTogether(
  flow: OpenFlow<CancellationsSettings>,
  toSend: readonly { readonly of: RecordWithDocument; readonly known: KnownOrder; readonly reason: string }[],
  results: Map<bigint, () => Promise<Delivered>>,
): Promise<void> {
  if (toSend.length === 0) return;
  let sent: Promise<string> | undefined;
  for (const { of } of toSend)
    results.set(of.record.id, async () => {
      sent ??= flow.channel.cancellations!.cancel(
        toSend.map(({ known, reason }) => ({
          channelOrderId: known.order.id,
          marketplaceId: known.order.marketplace.id,
          reason,
        })),
      );
      const ticket = await sent;
      return {
        state: 'pending',
        reason: 'Told to the marketplace; waiting for its report.',
        at: new Date(flow.clock.now().getTime() + minuteMs),
        applied: { ticket },
      };
    });
}

async function collect(
  flow: OpenFlow<CancellationsSettings>,
  of: RecordWithDocument,
  collected: Map<string, Promise<CancellationOutcome | undefined>>,
): Promise<Delivered> {
  const later = (at: Date): Delivered => ({
    state: 'pending',
    reason: 'The marketplace is still working on it.',
    at,
  });
  try {
    const ticket = String(of.record.applied['ticket']);
    const asked = collected.get(ticket) ?? flow.channel.cancellations!.collect(ticket);
    collected.set(ticket, asked);
    const report = await asked;
    if (report === undefined) return later(new Date(flow.clock.now().getTime() + minuteMs));
    const outcome = report.named.find((one) => one.channelOrderId === of.record.key) ?? report.others;
    if (outcome.accepted)
      return {
        state: 'done',
        reason: 'The marketplace has accepted the cancellation.',
        applied: { accepted: true },
      };
    throw new RecordError(
      'CANCELLATION_REFUSED',
      `The marketplace did not cancel order ${of.record.key}: ${outcome.message ?? 'it gives no reason'}.`,
      {
        nextSteps: [
          'Look at the order at the marketplace; it may have been shipped or cancelled already.',
          'Retry, or skip this record with a note.',
        ],
        facts: { order: of.record.key, cause: outcome.message ?? 'no-reason' },
      },
    );
  } catch (thrown) {
    if (thrown instanceof ThrottledError) return later(thrown.retryAt);
    throw thrown;
  }
}
