// An imported order changed at the marketplace: carry it into the ERP while the ERP still allows, else tell a person.
import { asSyncError, RecordError } from '../../core/errors.ts';
import type { Order } from '../../core/order.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { DocumentKind, DocumentLineState, DocumentStatus } from '../../erp/erp.ts';
import type { OpenFlow, RecordWithDocument } from '../flow.ts';
import { type Amendment, amendmentOf, amendmentWords, renamedLines } from './amendment.ts';
import { cancellationWish } from './cancellation-wish.ts';
import {
  type Changes,
  decideCancellation,
  mayAmend,
  reportedLines,
  type WrittenOrder,
} from './decide-change.ts';
import { contextFor } from './order-context.ts';
import { orderToDocument } from './order-to-document.ts';
import type { OrdersSettings } from './settings.ts';

interface Change {
  readonly changes: Changes;
  readonly written: WrittenOrder;
}
interface ReadDocument {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly status: DocumentStatus;
  readonly lines: readonly DocumentLineState[];
}

export async function applyChanges(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
  { changes, written }: Change,
): Promise<Delivered> {
  const kind = (of.record.remoteKind ?? 'sales-order') as DocumentKind;
  const id = of.record.remoteId!;
  const document: ReadDocument = { kind, id, ...(await flow.erp.documents.read(kind, id)) };
  if (changes.cancelled) return { ...(await cancelDocument(flow, of, document)), applied: { written } };
  const gone = linesOf(document.lines, changes.cancelledLines);
  if (gone.some((line) => line.quantityFulfilled > 0) || (gone.length > 0 && kind !== 'sales-order'))
    throw tooLate(of, document.status, 'line');
  const wish = cancellationWish(
    order,
    order.lines.map((line) => line.id).filter((line) => !changes.newWishes.includes(line)),
  );
  const renewed = await renew(flow, of, order, { changes, document, gone });
  const task = renewed.task ?? wish;
  return {
    state: 'done',
    reason: renewed.reason || 'A wish of the buyer was noted.',
    applied: { written, ...renewed.applied },
    ...(task ? { task } : {}),
  };
}

interface Renewal {
  readonly changes: Changes;
  readonly document: ReadDocument;
  /** Lines that the marketplace has cancelled. */
  readonly gone: readonly DocumentLineState[];
}

/** Maps the order anew and carries what differs into the document, as far as the ERP still allows it. */
async function renew(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
  { changes, document, gone }: Renewal,
): Promise<{
  readonly reason: string;
  readonly task?: RecordError;
  readonly applied?: Readonly<Record<string, unknown>>;
}> {
  const edited = changes.completed || gone.length > 0 || Object.keys(changes.quantities).length > 0;
  if (!edited && !changes.address) return { reason: '' };
  const open = document.kind === 'sales-order' && mayAmend(document.status, document.lines);
  const address = changes.address && order.shipTo ? { shipTo: order.shipTo } : {};
  const byHand = flow.settings.laterChanges === 'task' && !changes.completed;
  let amendment: Amendment = { change: {}, money: false };
  let sum: string | undefined;
  if (edited)
    try {
      const mapped = orderToDocument(order, await (await contextFor(flow, [order]))(order));
      sum = mapped.arithmetic.sum;
      amendment = amendmentOf(mapped.draft, document.lines, renamedBy(of, order));
    } catch (thrown) {
      // What is cancelled is cancelled, whatever else is wrong with the order.
      if (gone.length > 0) await close(flow, document, gone);
      throw asSyncError(thrown);
    }
  if (byHand || ((amendment.money || changes.address) && !open)) {
    if (gone.length > 0) await close(flow, document, gone);
    const ids = (amendment.change.lines ?? []).flatMap((line) =>
      line.custom ? [{ line: line.line, custom: line.custom }] : [],
    );
    if (ids.length > 0 && !byHand) await flow.erp.documents.amend(document.kind, document.id, { lines: ids });
    return {
      reason: 'Changed at the marketplace; left to a person.',
      task: changeTask(of, document.status, {
        address: changes.address,
        lines: amendment.money ? amendmentWords(amendment) : [],
      }),
    };
  }
  await flow.erp.documents.amend(document.kind, document.id, { ...address, ...amendment.change });
  return {
    reason: [
      changes.completed ? 'Completed with what the report lacked.' : '',
      gone.length > 0 ? `${gone.length} cancelled line(s) closed.` : '',
      changes.address ? 'Address updated.' : '',
      amendment.money ? `Lines updated: ${amendmentWords(amendment).join(', ')}.` : '',
    ]
      .filter(Boolean)
      .join(' '),
    ...(sum === undefined ? {} : { applied: { sum } }),
  };
}

async function close(
  flow: OpenFlow<OrdersSettings>,
  document: ReadDocument,
  lines: readonly DocumentLineState[],
): Promise<void> {
  const open = lines.filter((line) => !line.closed).map((line) => line.line);
  if (open.length > 0) await flow.erp.documents.closeLines(document.id, open);
}

function renamedBy(of: RecordWithDocument, order: Order): ReadonlyMap<string, string> {
  const before = of.record.applied['written'] as WrittenOrder;
  const reported = reportedLines(before);
  return reported ? renamedLines(reported, before.quantities, order) : new Map();
}

async function cancelDocument(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  { kind, id, ...document }: ReadDocument,
): Promise<Delivered> {
  switch (decideCancellation(document.status, document.lines)) {
    case 'nothing-to-do':
      return { state: 'done', reason: 'Cancelled at the marketplace; the ERP has no such document.' };
    case 'tick-flag':
      await flow.erp.documents.setFields(kind, id, { cancelled: true });
      return {
        state: 'done',
        reason: 'Cancelled at the marketplace; the document was closed already and is now marked.',
      };
    case 'close-lines':
      await flow.erp.documents.closeLines(
        id,
        document.lines.filter((line) => !line.closed).map((line) => line.line),
        { cancelled: true },
      );
      return {
        state: 'done',
        reason: 'Cancelled at the marketplace; every line was closed.',
        labels: ['cancelled'],
      };
    case 'too-late':
      await flow.erp.documents.setFields(kind, id, { cancelled: true });
      throw tooLate(of, document.status ?? 'unknown', 'order');
  }
}

function tooLate(of: RecordWithDocument, status: string, what: 'order' | 'line'): RecordError {
  return new RecordError(
    'CANCELLED_AFTER_SHIPPING',
    what === 'order'
      ? `Order with Order Id# ${of.record.key} has already been shipped/billed with NetSuite Internal Id# ${of.record.remoteId}, while it has been canceled in Amazon.`
      : `A line of order ${of.record.key} has already been shipped/billed with NetSuite Internal Id# ${of.record.remoteId}, while it has been canceled in Amazon.`,
    {
      nextSteps: [
        'Recall the parcel or receive it as a return in the ERP, and credit the document if it is billed.',
        'Then skip this record with a note.',
      ],
      facts: {
        order: of.record.key,
        document: of.record.remoteId,
        status,
        cause: 'cancelled-after-shipping',
      },
    },
  );
}

function changeTask(
  of: RecordWithDocument,
  status: string,
  { address, lines }: { readonly address: boolean; readonly lines: readonly string[] },
): RecordError {
  const what = [address ? 'the address' : '', lines.length > 0 ? 'lines' : ''].filter(Boolean).join(' and ');
  return new RecordError(
    'ORDER_CHANGED_LATE',
    `The marketplace changed ${what || 'something'} of order ${of.record.key} after it was imported; the document is ${status}.`,
    {
      nextSteps: [
        'Compare the order’s page with the document in the ERP and change it there if it still matters, then resolve this task.',
      ],
      facts: { order: of.record.key, document: of.record.remoteId, status, lines },
    },
  );
}

function linesOf(
  lines: readonly DocumentLineState[],
  channelLineIds: readonly string[],
): DocumentLineState[] {
  return lines.filter(
    (line) =>
      line.channelLineId !== undefined &&
      channelLineIds.some((id) => line.channelLineId === id || line.channelLineId!.startsWith(`${id}:`)),
  );
}
