// What follows a sales order here? Its fulfilment where the marketplace shipped, and its bill; both by transform, once by
// external id (netsuite.md §1.9).
import { OutcomeUnknownError, RecordError } from '../../core/errors.ts';
import type { BillableOrder, DocumentStore, FulfilmentDraft } from '../erp.ts';
import { faultOf, isDuplicate, netsuiteRefusal } from './errors.ts';
import { externalId } from './external-ids.ts';
import type { NetSuiteParts } from './parts.ts';
import { inventoryDetail } from './plan-document.ts';
import { suiteql } from './suiteql.ts';
import { kinds } from './wire.ts';

/** Pure: the body of a fulfilment. Lines that are not named would be taken too, so the others are named as left. */
export function fulfilmentBody(draft: FulfilmentDraft): Record<string, unknown> {
  return {
    externalId: externalId(draft.externalId),
    tranDate: draft.date,
    // Only “shipped” relieves stock and lets the order be billed.
    shipStatus: { id: 'C' },
    item: {
      items: [
        ...draft.lines.map((line) => ({
          orderLine: line.line,
          itemReceive: true,
          quantity: line.quantity,
          ...(line.locationId ? { location: { id: line.locationId } } : {}),
          ...(line.numbers ? { inventoryDetail: inventoryDetail(line.numbers) } : {}),
        })),
        ...draft.leaveOpen.map((line) => ({ orderLine: line, itemReceive: false })),
      ],
    },
    ...(draft.packages.length > 0
      ? {
          package: {
            items: draft.packages.map((one) => ({
              packageTrackingNumber: one.trackingNumber,
              packageWeight: 1,
              ...(one.description ? { packageDescr: one.description } : {}),
            })),
          },
        }
      : {}),
  };
}

export function fulfilOrder(
  parts: NetSuiteParts,
  orderId: string,
  draft: FulfilmentDraft,
): Promise<{ readonly id: string }> {
  return transformOnce(parts, orderId, {
    target: 'itemFulfillment',
    externalId: draft.externalId,
    body: fulfilmentBody(draft),
  });
}

export function billOrder(
  parts: NetSuiteParts,
  orderId: string,
  bill: Parameters<DocumentStore['bill']>[1],
): Promise<{ readonly id: string }> {
  const cash = bill.kind === 'cash-sale';
  return transformOnce(parts, orderId, {
    target: kinds[bill.kind].record,
    externalId: bill.externalId,
    body: {
      externalId: externalId(bill.externalId),
      ...(bill.date ? { tranDate: bill.date } : {}),
      toBeEmailed: false,
      ...(cash && bill.paymentMethodId ? { paymentMethod: { id: bill.paymentMethodId } } : {}),
      ...(cash
        ? bill.depositAccountId
          ? { account: { id: bill.depositAccountId } }
          : { undepFunds: { id: 'true' } }
        : {}),
    },
  });
}

/** A transform whose external id exists already was done before: the record is taken over. */
async function transformOnce(
  { client, tools }: NetSuiteParts,
  orderId: string,
  made: { readonly target: string; readonly externalId: string; readonly body: object },
): Promise<{ readonly id: string }> {
  const about = `the ${made.target} of sales order ${orderId}`;
  const known = async () => {
    const found = await client({
      method: 'GET',
      path: `/services/rest/record/v1/${made.target}/eid:${externalId(made.externalId)}`,
      about,
    });
    return found.status === 404 ? undefined : String((found.json() as { id?: unknown }).id ?? '');
  };
  // A lost answer leaves the order fulfilled or billed, and the next try would be refused for that: asked before.
  const existing = await known();
  if (existing) return { id: existing };
  const answer = await client({
    method: 'POST',
    path: `/services/rest/record/v1/salesOrder/${orderId}/!transform/${made.target}`,
    body: made.body,
    write: true,
    about,
  });
  const id = /\/(\d+)$/.exec(answer.headers['location'] ?? '')?.[1];
  if (id !== undefined) return { id };
  if (answer.status >= 400 && !isDuplicate(faultOf(answer)))
    throw (
      netsuiteRefusal(answer, { write: true, now: tools.now(), about }) ??
      new RecordError('REFUSED_BY_ERP', `NetSuite answered ${answer.status} to ${about}.`)
    );
  const adopted = await known();
  if (adopted) return { id: adopted };
  throw new OutcomeUnknownError('ANSWER_LOST', `NetSuite says that ${about} exists but does not show it.`, {
    facts: { side: 'erp' },
  });
}

/** Sales orders of ours that wait for their bill, with the day they were shipped: revenue belongs to that month. */
export async function billable(
  { client, settings }: NetSuiteParts,
  at: 'pending-billing' | 'pending-fulfilment',
): Promise<readonly BillableOrder[]> {
  const orderColumn = settings.fields.orderId || 'otherrefnum';
  const statuses = at === 'pending-billing' ? "'F'" : "'B','F'";
  const rows = await suiteql(
    client,
    `SELECT t.id, t.tranid, t.${orderColumn} AS channelorder,
      (SELECT TO_CHAR(MAX(f.trandate), 'YYYY-MM-DD') FROM NextTransactionLineLink k JOIN transaction f ON f.id = k.nextdoc WHERE k.previousdoc = t.id AND f.type = 'ItemShip') AS shippedon
      FROM transaction t WHERE t.type = 'SalesOrd' AND t.status IN (${statuses}) AND t.externalid LIKE 'XD-%' ORDER BY t.id`,
    [],
    'orders to bill',
  );
  return rows.flatMap((row) =>
    row['id'] && row['channelorder']
      ? [
          {
            id: row['id'],
            number: row['tranid'] ?? row['id'],
            channelOrderId: row['channelorder'],
            ...(row['shippedon'] ? { shippedOn: row['shippedon'] } : {}),
          },
        ]
      : [],
  );
}
