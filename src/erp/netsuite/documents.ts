// Sales orders, cash sales and invoices over the record service: planned by pure code, created once by external id,
// looked up many at a time. Twice is harmless: the external id is unique and a duplicate is adopted (netsuite.md §1.3).
import { OutcomeUnknownError, RecordError } from '../../core/errors.ts';
import type { DocumentChange, DocumentKind, DocumentLineState, DocumentStore } from '../erp.ts';
import { toNetSuiteAddress } from './addresses.ts';
import { ensureCustomer } from './customers.ts';
import { faultOf, isDuplicate, netsuiteRefusal } from './errors.ts';
import { externalId } from './external-ids.ts';
import { cancelledSince, decimalMoney, findDocuments } from './find-documents.ts';
import type { NetSuiteParts } from './parts.ts';
import { addedLine, customBody, decimalNumber, ownFields, planDocument } from './plan-document.ts';
import type { NetSuiteSettings } from './settings.ts';
import { billable, billOrder, fulfilOrder } from './shipping-and-billing.ts';
import { kinds, readAs, recordWithLines, statusOf } from './wire.ts';

export type { CurrencyIds, NetSuiteParts } from './parts.ts';
export { planDocument } from './plan-document.ts';

export function documentStore(parts: NetSuiteParts): DocumentStore {
  const { client, settings, tools } = parts;
  const pathOf = (kind: DocumentKind, id: string) => `/services/rest/record/v1/${kinds[kind].record}/${id}`;
  const read = async (kind: DocumentKind, id: string) => {
    const answer = await client({
      method: 'GET',
      path: `${pathOf(kind, id)}?expandSubResources=true`,
      about: `${kinds[kind].record} ${id}`,
    });
    return answer.status === 404
      ? undefined
      : readAs(recordWithLines, answer.json(), `The ${kinds[kind].record} ${id}`);
  };
  const patch = async (kind: DocumentKind, id: string, body: object, write = false) => {
    // A change of fields to given values does no harm when repeated, so a lost answer is simply asked again.
    await client({
      method: 'PATCH',
      path: pathOf(kind, id),
      body,
      about: `${kinds[kind].record} ${id}`,
      ...(write ? { write } : {}),
    });
  };
  const flags = (custom: Readonly<Record<string, boolean | string>> | undefined) =>
    customBody(settings, custom ?? {});
  return {
    async find(keys) {
      // What planning the documents needs is read beside their look-up, not after it.
      const [found] = await Promise.all([findDocuments(parts, keys), parts.currencies()]);
      return found;
    },
    async findFresh(kind, id) {
      const record = await read(kind, `eid:${externalId(id)}`);
      return (
        record && {
          id: record.id,
          number: record.tranId ?? record.id,
          kind,
          externalId: record.externalId ?? id,
          matchedBy: 'external-id',
          status: statusOf(kind, record.status?.id),
        }
      );
    },
    plan: async (draft) =>
      planDocument(draft, settings, await parts.currencies(), await ownFields(parts, draft)),
    async create(draft) {
      const plan = planDocument(draft, settings, await parts.currencies(), await ownFields(parts, draft));
      const answer = await client({
        method: 'POST',
        path: plan.path,
        body: plan.body,
        write: true,
        about: `the ${kinds[draft.kind].record} of order ${draft.channelOrderId}`,
      });
      const id = /\/(\d+)$/.exec(answer.headers['location'] ?? '')?.[1];
      if (id !== undefined) return { id, adopted: false };
      if (answer.status >= 400 && !isDuplicate(faultOf(answer)))
        throw (
          netsuiteRefusal(answer, { write: true, now: tools.now(), about: plan.path }) ??
          new RecordError('REFUSED_BY_ERP', `NetSuite answered ${answer.status}.`)
        );
      const existing = await this.findFresh(draft.kind, draft.externalId);
      if (existing) return { id: existing.id, adopted: true };
      throw new OutcomeUnknownError(
        'ANSWER_LOST',
        `NetSuite says that ${draft.externalId} exists but does not show it yet.`,
        { facts: { side: 'erp' } },
      );
    },
    async read(kind, id) {
      const record = await read(kind, id);
      if (!record)
        throw new RecordError(
          'DOCUMENT_DELETED',
          `The ${kinds[kind].record} ${id} is no longer in NetSuite.`,
          {
            nextSteps: ['Restore it in NetSuite, or skip this record: Crossdock does not make it again.'],
            facts: { document: id, cause: 'deleted' },
          },
        );
      const lines = (record.item?.items ?? []).map((line): DocumentLineState => {
        const channelLineId = settings.fields.lineId === '' ? undefined : line[settings.fields.lineId];
        return {
          line: line.line,
          itemId: line.item?.id ?? '',
          quantity: line.quantity ?? 0,
          quantityFulfilled: line.quantityFulfilled ?? 0,
          closed: line.isClosed ?? false,
          amount: String(line.amount ?? ''),
          ...(typeof channelLineId === 'string' ? { channelLineId } : {}),
        };
      });
      const currency =
        record.currency?.refName && /^[A-Z]{3}$/.test(record.currency.refName)
          ? record.currency.refName
          : 'USD';
      return {
        status: statusOf(kind, record.status?.id),
        ...(record.tranId ? { number: record.tranId } : {}),
        total: decimalMoney(String(record.total ?? '0'), currency),
        lines,
      };
    },
    async closeLines(id, lines, custom) {
      const mark = settings.fields.lineCancelled ? { [settings.fields.lineCancelled]: true } : {};
      await patch('sales-order', id, {
        ...flags(custom),
        item: { items: lines.map((line) => ({ line, isClosed: true, ...mark })) },
      });
    },
    setFields: (kind, id, custom) =>
      Object.keys(flags(custom)).length === 0 ? Promise.resolve() : patch(kind, id, flags(custom)),
    amend: (kind, id, change) =>
      // Adding a line twice would make two: after a lost answer the document is read again and compared first.
      patch(kind, id, changeBody(change, settings), (change.added?.length ?? 0) > 0),
    fulfil: (orderId, fulfilment) => fulfilOrder(parts, orderId, fulfilment),
    billable: (at) => billable(parts, at),
    bill: (orderId, bill) => billOrder(parts, orderId, bill),
    cancelledSince: (from) => cancelledSince(parts, from),
    ensureCustomer: (customer) => ensureCustomer(parts, customer),
  };
}

function changeBody(change: DocumentChange, settings: NetSuiteSettings): Record<string, unknown> {
  const changed = (change.lines ?? []).map((line) => ({
    line: line.line,
    ...(line.quantity === undefined ? {} : { quantity: line.quantity }),
    ...(line.rate === undefined ? {} : { rate: Number(line.rate) }),
    ...(line.amount === undefined ? {} : { amount: decimalNumber(line.amount) }),
    ...(line.custom === undefined ? {} : customBody(settings, line.custom)),
  }));
  const closed = (change.closed ?? []).map((line) => ({
    line,
    isClosed: true,
    ...(settings.fields.lineCancelled ? { [settings.fields.lineCancelled]: true } : {}),
  }));
  const added = (change.added ?? []).map((line) => addedLine(line, settings));
  const items = [...changed, ...closed, ...added];
  return {
    ...(change.shipTo ? { shippingAddress: toNetSuiteAddress(change.shipTo) } : {}),
    ...(items.length > 0 ? { item: { items } } : {}),
  };
}
