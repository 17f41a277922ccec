// An imported order changed at the marketplace: carry it into the ERP while the ERP still allows, else tell a person.
import { RecordError } from '../../core/errors.ts';
import { unitRate } from '../../core/money.ts';
import type { Order } from '../../core/order.ts';
import type { Delivered } from '../../engine/attempt.ts';
import type { DocumentKind, DocumentLineState } from '../../erp/erp.ts';
import type { OpenFlow, RecordWithDocument } from '../flow.ts';
import { type Changes, decideCancellation, mayAmend } from './decide-change.ts';
import { wishTask } from './import-orders.ts';
import type { OrdersSettings } from './settings.ts';

interface Change {
  readonly changes: Changes;
  readonly applied: Readonly<Record<string, unknown>>;
}

export async function applyChanges(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  order: Order,
  { changes, applied }: Change,
): Promise<Delivered> {
  const kind = (of.record.remoteKind ?? 'sales-order') as DocumentKind;
  const id = of.record.remoteId!;
  const document = await flow.erp.documents.read(kind, id);
  if (changes.cancelled) return { ...(await cancelDocument(flow, of, { kind, id, document })), applied };
  const done: string[] = [];
  const cancelledLines = linesOf(document.lines, changes.cancelledLines);
  if (cancelledLines.length > 0) {
    if (kind !== 'sales-order' || cancelledLines.some((line) => line.quantityFulfilled > 0))
      throw tooLate(of, document.status, 'line');
    const open = cancelledLines.filter((line) => !line.closed);
    if (open.length > 0)
      await flow.erp.documents.closeLines(
        id,
        open.map((line) => line.line),
      );
    done.push(`${cancelledLines.length} cancelled line(s) closed.`);
  }
  const edits = Object.keys(changes.quantities);
  if (edits.length > 0 || changes.address) {
    if (
      kind !== 'sales-order' ||
      flow.settings.laterChanges === 'task' ||
      !mayAmend(document.status, document.lines)
    )
      return {
        state: 'done',
        reason: 'Changed at the marketplace; left to a person.',
        applied,
        task: changeTask(of, changes, document.status),
      };
    await flow.erp.documents.amend(id, {
      ...(changes.address && order.shipTo ? { shipTo: order.shipTo } : {}),
      ...(edits.length > 0 ? { quantities: quantitiesOf(order, document.lines, edits, of) } : {}),
    });
    if (changes.address) done.push('Address updated.');
    if (edits.length > 0) done.push('Quantities updated.');
  }
  return {
    state: 'done',
    reason: done.join(' ') || 'A wish of the buyer was noted.',
    applied,
    ...wishTask(
      order,
      order.lines.map((line) => line.id).filter((line) => !changes.newWishes.includes(line)),
    ),
  };
}

async function cancelDocument(
  flow: OpenFlow<OrdersSettings>,
  of: RecordWithDocument,
  {
    kind,
    id,
    document,
  }: {
    kind: DocumentKind;
    id: string;
    document: { status: Parameters<typeof decideCancellation>[0]; lines: readonly DocumentLineState[] };
  },
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
    `${what === 'order' ? `Order ${of.record.key}` : `A line of order ${of.record.key}`} was cancelled at the marketplace after it was shipped or billed (${of.record.remoteNumber ?? of.record.remoteId}, ${status}).`,
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

function changeTask(of: RecordWithDocument, changes: Changes, status: string): RecordError {
  const what = [
    changes.address ? 'the address' : '',
    Object.keys(changes.quantities).length > 0 ? 'quantities' : '',
  ]
    .filter(Boolean)
    .join(' and ');
  return new RecordError(
    'ORDER_CHANGED_LATE',
    `The marketplace changed ${what} of order ${of.record.key} after it was imported; the document is ${status}.`,
    {
      nextSteps: [
        'Compare the order’s page with the document in the ERP and change it there if it still matters, then resolve this task.',
      ],
      facts: { order: of.record.key, document: of.record.remoteId, status, quantities: changes.quantities },
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

function quantitiesOf(
  order: Order,
  lines: readonly DocumentLineState[],
  edits: readonly string[],
  of: RecordWithDocument,
) {
  const units = (of.record.applied['units'] ?? {}) as Readonly<Record<string, number>>;
  return edits.flatMap((id) => {
    const ordered = order.lines.find((line) => line.id === id);
    const written = lines.find((line) => line.channelLineId === id);
    if (!ordered || !written) return [];
    const amount = ordered.price;
    const quantity = ordered.quantity * (units[id] ?? 1);
    return [{ line: written.line, quantity, rate: unitRate(amount, Math.max(1, quantity)), amount }];
  });
}
