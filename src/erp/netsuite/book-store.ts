// How do money documents get into NetSuite once and only once? Planned by plan-book.ts, sent by external id; a lost answer
// or a duplicate is looked up and taken over (netsuite.md §1.3). Read back: booked-documents.ts.
import { OutcomeUnknownError, RecordError } from '../../core/errors.ts';
import type { BookDraft, BookedDocument, BookKind, BookRef, BookStore, OrderFeesDraft } from '../books.ts';
import { bookRecords, recordOf } from './book-kinds.ts';
import { effectsOf, findBooked } from './booked-documents.ts';
import { readAccounts, readPeriods, readTrialBalance } from './chart-of-accounts.ts';
import { faultOf, isDuplicate, netsuiteRefusal } from './errors.ts';
import { minorOf } from './exact-amounts.ts';
import { externalId } from './external-ids.ts';
import { ordersInBooks } from './orders-in-books.ts';
import type { NetSuiteParts } from './parts.ts';
import { planBook, type Spelling } from './plan-book.ts';
import { readAs, recordWithLines } from './wire.ts';

const base = '/services/rest/record/v1';

export function bookStore(parts: NetSuiteParts): BookStore {
  const spelling = async (): Promise<Spelling> => ({
    settings: parts.settings,
    currencies: await parts.currencies(),
  });
  return {
    find: (keys) => findBooked(parts, keys),
    findFresh: (kind, key) => findFresh(parts, kind, key),
    plan: async (draft) => planBook(draft, await spelling()),
    async createOnce(draft) {
      if (draft.kind === 'order-fees') return addFees(parts, draft, await spelling());
      const known = await idOf(parts, draft.kind, draft.externalId);
      if (known !== undefined) return { id: known, adopted: true };
      const resolved = await resolveRefs(parts, draft);
      const lines =
        resolved.kind === 'item-receipt' ? await returnLines(parts, resolved.authorisation) : undefined;
      const plan = planBook(resolved, { ...(await spelling()), ...(lines ? { returnLines: lines } : {}) });
      const id = await send(parts, plan, `the ${recordOf(draft.kind).record} ${draft.externalId}`);
      if (id !== undefined) return { id, adopted: false };
      const adopted = await idOf(parts, draft.kind, draft.externalId);
      if (adopted !== undefined) return { id: adopted, adopted: true };
      throw new OutcomeUnknownError(
        'ANSWER_LOST',
        `NetSuite says that ${draft.externalId} exists but does not show it yet.`,
        { facts: { side: 'erp' } },
      );
    },
    orders: (ids) => ordersInBooks(parts, ids),
    accounts: () => readAccounts(parts),
    periods: () => readPeriods(parts),
    trialBalance: (query) => readTrialBalance(parts, query),
  };
}

/** Sends a write; answers the new id, or undefined when a document with this external id is there. */
async function send(
  { client, tools }: NetSuiteParts,
  plan: { readonly method: string; readonly path: string; readonly body?: unknown },
  about: string,
): Promise<string | undefined> {
  const answer = await client({
    method: plan.method as 'POST' | 'PATCH',
    path: plan.path,
    body: plan.body,
    write: true,
    about,
  });
  const id = /\/(\d+)$/.exec(answer.headers['location'] ?? '')?.[1];
  if (answer.status < 400) return id;
  if (isDuplicate(faultOf(answer))) return undefined;
  if (answer.status === 404)
    throw new RecordError('DOCUMENT_DELETED', `What ${about} refers to is not in NetSuite.`, {
      nextSteps: ['Plan the settlement again: it is looked up anew.'],
      facts: { path: plan.path },
    });
  throw (
    netsuiteRefusal(answer, { write: true, now: tools.now(), about }) ??
    new RecordError('REFUSED_BY_ERP', `NetSuite answered ${answer.status} to ${about}.`)
  );
}

/** The internal id behind an external id, from the record itself: the query index may lag behind. */
async function idOf({ client }: NetSuiteParts, kind: BookKind, key: string): Promise<string | undefined> {
  const { record } = recordOf(kind);
  const answer = await client({
    method: 'GET',
    path: `${base}/${record}/eid:${externalId(key)}`,
    about: `the ${record} ${key}`,
  });
  return answer.status === 404 ? undefined : String((answer.json() as { id?: unknown }).id ?? '');
}

async function findFresh(
  parts: NetSuiteParts,
  kind: BookKind,
  key: string,
): Promise<BookedDocument | undefined> {
  if (kind === 'order-fees') return (await findBooked(parts, [{ kind, externalId: key }])).get(key);
  const { record } = bookRecords[kind];
  const answer = await parts.client({
    method: 'GET',
    path: `${base}/${record}/eid:${externalId(key)}`,
    about: `the ${record} ${key}`,
  });
  if (answer.status === 404) return undefined;
  const read = answer.json() as Readonly<Record<string, unknown>>;
  const id = String(read['id'] ?? '');
  const currencies = await parts.currencies();
  const currencyId = String((read['currency'] as { id?: unknown } | undefined)?.id ?? '');
  const currency = [...currencies].find(([, known]) => known === currencyId)?.[0] ?? 'USD';
  const effects =
    (await effectsOf(parts, [{ id, currency, exchangerate: String(read['exchangeRate'] ?? '1') }])).get(id) ??
    [];
  const debits = effects.reduce((sum, { minor }) => sum + (minor > 0n ? minor : 0n), 0n);
  const written = minorOf(String(read['total'] ?? read['payment'] ?? '0'), currency);
  return {
    kind,
    id,
    number: String(read['tranId'] ?? id),
    externalId: key,
    date: String(read['tranDate'] ?? ''),
    total: { minor: kind === 'journal' ? debits : written, currency },
    effects,
  };
}

/** References by external id are exchanged for ids, so that sublists that take only ids work as well. */
async function resolveRefs(parts: NetSuiteParts, draft: BookDraft): Promise<BookDraft> {
  const one = async (ref: BookRef): Promise<BookRef> => {
    if ('id' in ref) return ref;
    const id = await idOf(parts, ref.kind, ref.externalId);
    if (id !== undefined) return { kind: ref.kind, id };
    throw new RecordError(
      'DOCUMENT_NOT_BOOKED',
      `The ${recordOf(ref.kind).record} ${ref.externalId}, which ${draft.externalId} refers to, is not in NetSuite.`,
      { nextSteps: ['Plan the settlement again: what is missing is written first.'], facts: { side: 'erp' } },
    );
  };
  const list = async <Entry extends { readonly document: BookRef }>(entries: readonly Entry[]) => {
    const resolved: Entry[] = [];
    for (const entry of entries) resolved.push({ ...entry, document: await one(entry.document) });
    return resolved;
  };
  switch (draft.kind) {
    case 'customer-payment':
    case 'customer-refund':
    case 'credit-memo':
      return { ...draft, apply: await list(draft.apply) };
    case 'deposit': {
      const payments: BookRef[] = [];
      for (const ref of draft.payments) payments.push(await one(ref));
      return { ...draft, payments };
    }
    case 'item-receipt':
      return { ...draft, authorisation: await one(draft.authorisation) };
    default:
      return draft;
  }
}

async function readLines({ client }: NetSuiteParts, ref: BookRef) {
  const { record } = recordOf(ref.kind);
  const key = 'id' in ref ? ref.id : `eid:${externalId(ref.externalId)}`;
  const answer = await client({
    method: 'GET',
    path: `${base}/${record}/${key}?expandSubResources=true`,
    about: `the ${record} ${key}`,
  });
  if (answer.status === 404)
    throw new RecordError('DOCUMENT_DELETED', `The ${record} ${key} is no longer in NetSuite.`, {
      nextSteps: ['Restore it in NetSuite, or plan the settlement again.'],
      facts: { document: key, cause: 'deleted' },
    });
  return readAs(recordWithLines, answer.json(), `The ${record} ${key}`).item?.items ?? [];
}

/** Lines of a return authorisation by the key that was written with them. */
async function returnLines(parts: NetSuiteParts, ref: BookRef): Promise<ReadonlyMap<string, number>> {
  const { lineId } = parts.settings.fields;
  if (lineId === '') return new Map();
  return new Map(
    (await readLines(parts, ref)).flatMap((line) =>
      typeof line[lineId] === 'string' ? [[line[lineId], line.line] as const] : [],
    ),
  );
}

/** Adds the fee lines that are not there yet. Adding twice would double a fee, so a lost answer is looked up first. */
async function addFees(
  parts: NetSuiteParts,
  draft: OrderFeesDraft,
  spelling: Spelling,
): Promise<{ readonly id: string; readonly adopted: boolean }> {
  const { lineId } = parts.settings.fields;
  if (lineId === '')
    throw new RecordError(
      'LINE_FIELD_NEEDED',
      'Fees can only be added to orders when a column field keeps the key of each line.',
      {
        field: 'fields.lineId',
        nextSteps: [
          'Name the column field under the NetSuite connection, or book fees by journal (model “orders”).',
        ],
      },
    );
  const document = 'id' in draft.document ? draft.document : await withId(parts, draft.document);
  const there = new Set((await readLines(parts, document)).map((line) => line[lineId]));
  const missing = draft.lines.filter((line) => !there.has(line.key));
  if (missing.length === 0) return { id: document.id, adopted: true };
  const plan = planBook({ ...draft, document, lines: missing }, spelling);
  await send(parts, plan, `the fees of ${recordOf(document.kind).record} ${document.id}`);
  return { id: document.id, adopted: false };
}

async function withId(
  parts: NetSuiteParts,
  ref: BookRef & { readonly externalId: string },
): Promise<{ readonly kind: BookKind; readonly id: string }> {
  const id = await idOf(parts, ref.kind, ref.externalId);
  if (id !== undefined) return { kind: ref.kind, id };
  throw new RecordError(
    'DOCUMENT_NOT_BOOKED',
    `The ${recordOf(ref.kind).record} ${ref.externalId} is not in NetSuite.`,
    {
      nextSteps: ['Plan the settlement again: what is missing is written first.'],
    },
  );
}
