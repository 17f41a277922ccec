// Which fulfilled sales orders wait for their bill? Each is billed once, dated by its last shipment, so that revenue
// falls in the month in which the goods left (features.md #32).
import { asSyncError, RecordError } from '../../core/errors.ts';
import type { BillableOrder } from '../../erp/erp.ts';
import type { OpenFlow, TaskRequest, TaskResult } from '../flow.ts';
import type { OrdersSettings } from './settings.ts';

/** Bills under way together; the ERP connection's own limit holds besides. */
const together = 8;
/** Orders looked up together. */
const readTogether = 200;

export async function autoBill(flow: OpenFlow<OrdersSettings>, request: TaskRequest): Promise<TaskResult> {
  const orders = await flow.erp.documents.billable(flow.settings.autoBillAt);
  const counts = { billed: 0, refused: 0 };
  for (let start = 0; start < orders.length && !request.signal.aborted; start += readTogether) {
    const batch = orders.slice(start, start + readTogether);
    // Only orders of this account: others may share the books.
    const known = await flow.journal.orders(batch.map((order) => order.channelOrderId));
    const waiting = batch.filter((order) => known.get(order.channelOrderId)?.remoteId === order.id);
    const next = async (): Promise<void> => {
      for (let order = waiting.shift(); order && !request.signal.aborted; order = waiting.shift())
        counts[await billOne(flow, order, known.get(order.channelOrderId)!.recordId)]++;
    };
    await Promise.all(Array.from({ length: together }, next));
  }
  return { counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) };
}

async function billOne(
  flow: OpenFlow<OrdersSettings>,
  order: BillableOrder,
  recordId: bigint,
): Promise<'billed' | 'refused'> {
  const { autoBill: kind, depositAccountId, paymentMethodId } = flow.settings;
  try {
    await flow.erp.documents.bill(order.id, {
      kind: kind === 'cash-sale' ? 'cash-sale' : 'invoice',
      externalId: `XD-BILL-${order.channelOrderId}-${order.id}`,
      ...(order.shippedOn ? { date: order.shippedOn } : {}),
      ...(depositAccountId ? { depositAccountId } : {}),
      ...(paymentMethodId ? { paymentMethodId } : {}),
    });
    return 'billed';
  } catch (thrown) {
    const error = asSyncError(thrown);
    // The account at fault ends the round; anything else is tried again in the next one.
    if (error.action === 'pause') throw error;
    if (error.action !== 'park' && error.action !== 'stop') return 'refused';
    await flow.journal.reportTask(
      recordId,
      order.channelOrderId,
      new RecordError(
        'BILLING_REFUSED',
        `Sales order ${order.number} of order ${order.channelOrderId} could not be billed. ${error.message}`,
        {
          nextSteps: [
            ...error.nextSteps.slice(0, 1),
            'It is tried again every few minutes; or bill it in the ERP and resolve this task.',
          ],
          facts: { order: order.channelOrderId, document: order.id, why: error.code },
        },
      ),
    );
    return 'refused';
  }
}
