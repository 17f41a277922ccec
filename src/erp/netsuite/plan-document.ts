// Which request does NetSuite get for a document? Pure, with the draft value behind every path. Sent by documents.ts.
import { RecordError } from '../../core/errors.ts';
import { formatMoney, type Money } from '../../core/money.ts';
import type { DocumentDraft, DocumentLine, DocumentPlan, ErpField, NumberChoice } from '../erp.ts';
import { toNetSuiteAddress } from './addresses.ts';
import { recordHeaders } from './client.ts';
import { externalId } from './external-ids.ts';
import { spell } from './fields.ts';
import type { CurrencyIds, NetSuiteParts } from './parts.ts';
import type { NetSuiteSettings } from './settings.ts';
import { kinds } from './wire.ts';

/** JSON numbers whose decimal text is exact: money has at most three decimals and 15 digits, which a double keeps. */
export const decimalNumber = (amount: Money): number => Number(formatMoney(amount));

export function customBody(
  settings: NetSuiteSettings,
  custom: Readonly<Record<string, string | number | boolean>>,
  own: OwnFields = new Map(),
): Record<string, unknown> {
  const names: Readonly<Record<string, string>> = settings.fields;
  return Object.fromEntries(
    Object.entries(custom).flatMap(([name, value]) =>
      isOwn(name)
        ? [[name, spell(own.get(name), name, String(value))]]
        : names[name]
          ? [[names[name], value]]
          : [],
    ),
  );
}

/** Fields the owner added carry their script id; the others are named by the settings. */
const isOwn = (name: string): boolean => /^cust(body|col)/.test(name);
type OwnFields = ReadonlyMap<string, ErpField>;

/** The description is read only for documents that have own fields, so that all others cost no call. */
export async function ownFields(
  parts: Pick<NetSuiteParts, 'fields'>,
  draft: DocumentDraft,
): Promise<OwnFields> {
  const names = [draft.custom, ...draft.lines.map((line) => line.custom)].flatMap(Object.keys);
  if (!names.some(isOwn)) return new Map();
  return new Map((await parts.fields(draft.kind)).map((field) => [field.id, field]));
}

/** Pure: the exact request of a document, and for each of its paths the draft value it carries. */
export function planDocument(
  draft: DocumentDraft,
  settings: NetSuiteSettings,
  currencies: CurrencyIds,
  own: OwnFields = new Map(),
): DocumentPlan {
  const from: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  const put = (path: string, value: unknown, draftPath: string) => {
    if (value === undefined) return;
    body[path] = value;
    from[path] = draftPath;
  };
  const id = (value: string | undefined) => (value === undefined ? undefined : { id: value });
  put('externalId', externalId(draft.externalId), 'externalId');
  put('entity', id(draft.customerId), 'customerId');
  put('subsidiary', id(draft.subsidiaryId), 'subsidiaryId');
  put('tranDate', draft.date, 'date');
  put('shipDate', draft.shipDate, 'shipDate');
  put('otherRefNum', draft.reference, 'reference');
  put('memo', draft.memo, 'memo');
  put('location', id(draft.locationId), 'locationId');
  put('department', id(draft.departmentId), 'departmentId');
  put('class', id(draft.classId), 'classId');
  put('salesChannel', id(draft.salesChannelId), 'salesChannelId');
  if (draft.kind === 'sales-order') {
    put('orderStatus', id(draft.orderStatus), 'orderStatus');
    put('shipMethod', id(draft.shipMethodId), 'shipMethodId');
  }
  if (draft.kind === 'cash-sale') {
    put('paymentMethod', id(draft.paymentMethodId), 'paymentMethodId');
    if (draft.depositAccountId) put('account', id(draft.depositAccountId), 'depositAccountId');
    else put('undepFunds', { id: 'true' }, 'depositAccountId');
  }
  // NetSuite would mail the buyer's relay address otherwise (netsuite.md §8 row 22).
  put('toBeEmailed', false, 'fixed');
  if (draft.shipTo) put('shippingAddress', toNetSuiteAddress(draft.shipTo), 'shipTo');
  for (const [name, value] of Object.entries(customBody(settings, draft.custom, own)))
    put(name, value, isOwn(name) && name in draft.custom ? `custom.${name}` : 'custom');
  body['item'] = {
    items: draft.lines.map((line, index) => lineOf(line, index, { draft, settings, from, own })),
  };
  if (draft.taxOverride) {
    put('taxDetailsOverride', true, 'taxOverride');
    put(
      'taxDetails',
      {
        items: draft.taxOverride.map((tax) => ({
          taxDetailsReference: tax.lineKey,
          taxType: { id: tax.taxTypeId },
          taxCode: { id: tax.taxCodeId },
          taxRate: Number(tax.rate),
          taxBasis: basisOf(draft, tax.lineKey),
          taxAmount: decimalNumber(tax.amount),
        })),
      },
      'taxOverride',
    );
  }
  return {
    method: 'POST',
    path: `/services/rest/record/v1/${kinds[draft.kind].record}`,
    headers: recordHeaders,
    body: { ...body, ...currencyOf(draft, currencies, from) },
    from,
  };
}

function currencyOf(
  draft: DocumentDraft,
  ids: CurrencyIds,
  from: Record<string, string>,
): Record<string, unknown> {
  const id = ids.get(draft.currency);
  if (id === undefined)
    throw new RecordError('CURRENCY_UNKNOWN', `NetSuite has no currency ${draft.currency}.`, {
      field: 'currency',
      nextSteps: [
        `Add ${draft.currency} under Lists → Accounting → Currencies in NetSuite, and to the customer, then retry.`,
      ],
      facts: { currency: draft.currency, cause: draft.currency },
    });
  from['currency'] = 'currency';
  return { currency: { id } };
}

/** Lots and serial numbers as NetSuite takes them on a line (netsuite.md §1.4). */
export function inventoryDetail(numbers: readonly NumberChoice[]): object {
  return {
    inventoryAssignment: {
      items: numbers.map((one) => ({
        issueInventoryNumber: { id: one.numberId },
        quantity: one.quantity,
      })),
    },
  };
}

/** A line that is added to a document that exists already. */
export const addedLine = (line: DocumentLine, settings: NetSuiteSettings): Record<string, unknown> =>
  lineOf(line, 0, { settings, from: {} });

function lineOf(
  line: DocumentDraft['lines'][number],
  index: number,
  {
    draft,
    settings,
    from,
    own = new Map(),
  }: {
    draft?: DocumentDraft;
    settings: NetSuiteSettings;
    from: Record<string, string>;
    own?: OwnFields;
  },
): Record<string, unknown> {
  const path = `item.items[${index}]`;
  for (const [name, source] of [
    ['item', 'itemId'],
    ['quantity', 'quantity'],
    ['rate', 'rate'],
    ['amount', 'amount'],
    ['location', 'locationId'],
  ] as const)
    from[`${path}.${name}`] = `lines[${index}].${source}`;
  const custom = customBody(settings, line.custom, own);
  for (const name of Object.keys(custom))
    from[`${path}.${name}`] =
      name in line.custom ? `lines[${index}].custom.${name}` : `lines[${index}].custom`;
  return {
    item: { id: line.itemId },
    quantity: line.quantity,
    // Price level −1 is “custom”: any other would overwrite rate and amount (netsuite.md §8 row 15).
    price: { id: '-1' },
    rate: Number(line.rate),
    amount: decimalNumber(line.amount),
    ...(line.description === undefined ? {} : { description: line.description }),
    ...(line.locationId === undefined ? {} : { location: { id: line.locationId } }),
    ...(line.departmentId === undefined ? {} : { department: { id: line.departmentId } }),
    ...(line.classId === undefined ? {} : { class: { id: line.classId } }),
    ...(line.numbers ? { inventoryDetail: inventoryDetail(line.numbers) } : {}),
    ...(draft?.taxOverride?.some((tax) => tax.lineKey === line.key) ? { taxDetailsReference: line.key } : {}),
    ...custom,
  };
}

function basisOf(draft: DocumentDraft, lineKey: string): number {
  const line = draft.lines.find((candidate) => candidate.key === lineKey);
  return line ? decimalNumber(line.amount) : 0;
}
